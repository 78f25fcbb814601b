// A real OpenID Connect provider on loopback. It asks nobody anything: who
// signs in next, and how, is what was last posted to /next. The address is
// printed as one line on standard output. It stops when standard input ends.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [clientID, clientSecret, redirectURI] = process.argv.slice(2);
let next = { account: 'nobody' };
const accounts = new Map();

const server = createServer((req, res) => handler(req, res));
let handler;
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  handler = build(issuer);
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function build(issuer) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientID, client_secret: clientSecret, redirect_uris: [redirectURI], response_types: ['code'], grant_types: ['authorization_code'] }],
    acrValues: ['gold'],
    claims: { acr: null, amr: null, openid: ['sub', 'amr', 'acr'], email: ['email', 'email_verified', 'xms_edov'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['for tests only'] },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
  });
  const answer = provider.callback();
  return async (req, res) => {
    try {
      if (req.url === '/next') await choose(req, res);
      else if (req.url.startsWith('/interaction/')) await interact(provider, req, res);
      else await answer(req, res);
    } catch (error) {
      console.error(error);
      res.statusCode = 500;
      res.end(String(error));
    }
  };
}

async function choose(req, res) {
  let body = '';
  for await (const part of req) body += part;
  next = JSON.parse(body);
  accounts.set(next.account, next.claims ?? {});
  res.end();
}

async function interact(provider, req, res) {
  const { prompt, params, session } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') {
    const { amr, acr } = next.claims ?? {};
    await provider.interactionFinished(req, res, { login: { accountId: next.account, amr, acr } });
    return;
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid email profile');
  await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}
