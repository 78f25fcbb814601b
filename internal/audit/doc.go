// Package audit keeps who did what on which object. It owns the tables
// audit_entry, audit_head and audit_checkpoint.
//
// An entry holds ids only: no name, no address, no text. Each entry's hash
// covers the entry before it, and the end of the chain is signed with the
// key that is not in the database. So whoever can write to the database but
// does not hold the key cannot change, remove, insert, reorder or cut off an
// entry without Verify naming the first one that is wrong. What a chain
// cannot show is a whole database put back to an earlier state: compare the
// last number with one noted elsewhere (`ambassadeur audit verify` prints
// it, and each backup's list of contents holds it).
//
// Entries leave by Prune alone, which puts a signed checkpoint in their place.
//
// Start reading at Log.Record, then Log.Verify.
package audit
