package text

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first needed:
// counted repetitions are slow to compile, and a program that starts often
// should not wait for what it may not use. It panics at that first use when
// the expression is wrong, as regexp.MustCompile does.
func Pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
