package config

import (
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

// envNames lists the environment variables that exist, from the struct's tags.
func envNames() map[string]bool {
	names := map[string]bool{}
	collect(reflect.TypeFor[Config](), "env", "envPrefix", Prefix, "", names)
	return names
}

// fileKeys lists the keys that a settings file may hold: "mail.host".
func fileKeys() map[string]bool {
	names := map[string]bool{}
	collect(reflect.TypeFor[Config](), "yaml", "yaml", "", ".", names)
	return names
}

func collect(t reflect.Type, leaf, group, prefix, sep string, names map[string]bool) {
	for f := range t.Fields() {
		if f.Type.Kind() == reflect.Struct {
			collect(f.Type, leaf, group, prefix+f.Tag.Get(group)+sep, sep, names)
			continue
		}
		if name := f.Tag.Get(leaf); name != "" && name != "-" {
			names[prefix+name] = true
		}
	}
}

// unknownKeys says which keys of the file are no settings.
func unknownKeys(b []byte, known map[string]bool) error {
	var raw map[string]any
	if err := yaml.Unmarshal(b, &raw); err != nil {
		return err
	}
	var wrong []error
	var walk func(prefix string, m map[string]any)
	walk = func(prefix string, m map[string]any) {
		for k, v := range m {
			name := prefix + k
			if sub, ok := v.(map[string]any); ok && !known[name] && isGroup(name, known) {
				walk(name+".", sub)
			} else if !known[name] {
				wrong = append(wrong, fmt.Errorf("%q is not a setting; did you mean %q?", name, nearest(name, known)))
			}
		}
	}
	walk("", raw)
	sort.Slice(wrong, func(i, j int) bool { return wrong[i].Error() < wrong[j].Error() })
	return errors.Join(wrong...)
}

func isGroup(name string, known map[string]bool) bool {
	for k := range known {
		if strings.HasPrefix(k, name+".") {
			return true
		}
	}
	return false
}

// nearest returns the known name with the fewest changes to name, the first
// in order when several are as near.
func nearest(name string, known map[string]bool) string {
	best, distance := "", 1<<30
	names := make([]string, 0, len(known))
	for k := range known {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		if d := edits(name, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance in bytes, of names cut at 100.
func edits(a, b string) int {
	a, b = a[:min(len(a), 100)], b[:min(len(b), 100)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
