// Passkeys: browsers offer them to scripts alone. The server makes the options
// and verifies the answer; this file only carries them across. Without it the
// pages offer a link by mail.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const list = (keys = []) => keys.map(key => ({ ...key, id: bytes(key.id) }));

const create = async options => {
  const made = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: list(options.excludeCredentials),
  } });
  const { clientDataJSON, attestationObject } = made.response;
  return { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: made.getClientExtensionResults(), response: {
    clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports: made.response.getTransports?.() ?? [],
  } };
};

const get = async options => {
  const found = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: list(options.allowCredentials),
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return { id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: found.getClientExtensionResults(), response: {
    clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
    userHandle: userHandle ? text(userHandle) : undefined,
  } };
};

document.querySelectorAll('[data-passkey]').forEach(form => {
  const status = form.querySelector('[data-passkey-status]');
  if (!window.PublicKeyCredential) {
    status.textContent = form.dataset.missing;
    return;
  }
  form.querySelector('[data-passkey-button]').hidden = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    status.textContent = '';
    try {
      const answer = await fetch(form.dataset.begin, { method: 'POST', headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(answer.status);
      const options = await answer.json();
      form.elements.answer.value = JSON.stringify(await (form.dataset.passkey === 'create' ? create : get)(options));
      form.submit();
    } catch {
      status.textContent = form.dataset.failed;
    }
  });
});
