package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestEveryItemIsCarriedOrOpen(t *testing.T) {
	lines, err := cover()
	if err != nil {
		t.Fatal(err)
	}
	items, subs := 0, 0
	seen := map[string]bool{}
	for _, l := range lines {
		if last := l.Item[len(l.Item)-1]; last >= 'a' && last <= 'z' {
			subs++
		} else {
			items++
		}
		seen[l.Item] = true
		if len(l.Places) == 0 {
			t.Errorf("%s (source lines %s) is carried nowhere: name it in a piece of the handbook", l.Item, l.Lines)
		}
	}
	for n := 1; n <= 150; n++ {
		if id := fmt.Sprintf("S-%03d", n); !seen[id] {
			t.Errorf("%s is missing from the table", id)
		}
	}
	if items != 150 || subs != 32 {
		t.Errorf("%d items and %d sub-items, want 150 and 32", items, subs)
	}
}

func TestEveryNamedTestExists(t *testing.T) {
	lines, err := cover()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]map[string]bool{}
	for _, l := range lines {
		for _, p := range l.Places {
			dot := strings.LastIndex(p.Test, ".")
			if dot < 0 {
				t.Errorf("%s: test %q must be package.TestName", l.Item, p.Test)
				continue
			}
			pkg, name := p.Test[:dot], p.Test[dot+1:]
			if known[pkg] == nil {
				if known[pkg], err = tests("../..", pkg); err != nil {
					t.Fatal(err)
				}
			}
			if !known[pkg][name] {
				t.Errorf("%s claims the test %s, which does not exist", l.Item, p.Test)
			}
		}
	}
}
