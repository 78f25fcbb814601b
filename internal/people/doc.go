// Package people owns persons (who somebody is to the organisation), the ways
// to sign in without a password, sessions, and the drafts that wait on the
// server. It does not decide what an office may do: it says which offices
// somebody holds and whether the session behind a request is strong; the
// mandate decides.
//
// That somebody is a client is health data. It is never in an address, a log,
// a subject line or a list here: Summary has no audiences, and errors and
// audit lines carry ids only.
//
// Ways to sign in: a mailed link (link.go), a passkey (passkey.go and the
// package passkey, which isolates the library), the organisation's own account
// (identity.go and the package oidc), a printed card (card.go). All end in
// openSession (session.go), which always makes a new cookie value.
//
// Start reading at Service, then Authenticate.
package people
