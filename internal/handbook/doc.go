// Package handbook is the policy as data: what an editor writes, how it is
// loaded and checked, how it is compiled for reading, and the life of its
// editions with who read and understood them. It knows no page and no word
// about one organisation.
//
// Start reading at Content (what a handbook is) and Load (what must hold).
// Then:
//
//   - Compile makes an Index: every lookup, text and search that a page needs.
//   - Diff says in words what changed between two editions.
//   - Editions is the register; Current is what readers see.
//   - Acknowledgements keeps who confirmed which text.
//
// The text is inside the edition's hash. The tables beside it (Projection:
// contacts, locations, channels, officers) are dated and change without a new
// edition.
//
// It does not decide who may speak for the organisation, and nothing here
// waits for an acknowledgement.
package handbook
