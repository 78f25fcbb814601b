// Package handbooks holds the handbooks that come with the program: the
// policy as data, and what the demonstration puts in place of real addresses.
// It is data only; internal/handbook reads it.
package handbooks

import "embed"

// FS holds one folder a handbook: sgl is complete, demo is laid over it.
//
//go:embed all:sgl all:demo
var FS embed.FS
