package handbook

import (
	"reflect"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// decoder fills Go values from nodes, strictly, and remembers where each
// value stood. It goes on after a problem, so that an editor sees them all.
type decoder struct {
	*report
	file string
}

func (d *decoder) place(line int) place { return place{d.file, line} }

// decode fills v, which is addressable. line is where the value's key stands.
func (d *decoder) decode(n *node, v reflect.Value, r rule, line int) {
	d.places[v.Addr().Interface()] = d.place(line)
	switch v.Kind() {
	case reflect.Pointer:
		if n.kind == nullNode {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), r, line)
	case reflect.Struct:
		d.decodeStruct(n, v, r, line)
	case reflect.Slice:
		d.decodeList(n, v, r, line)
	default:
		d.decodeScalar(n, v, r, line)
	}
}

func (d *decoder) decodeStruct(n *node, v reflect.Value, r rule, line int) {
	rules := rulesOf(v.Type())
	index := make(map[string]int, len(rules))
	for i, fr := range rules {
		index[fr.name] = i
		// A key that is left out is reported where its parent stands.
		d.places[v.Field(i).Addr().Interface()] = d.place(line)
		if v.Field(i).Kind() == reflect.Slice {
			v.Field(i).Set(reflect.MakeSlice(v.Field(i).Type(), 0, 0))
		}
	}
	switch n.kind {
	case nullNode:
		return
	case mapNode:
	default:
		d.at(d.place(line), "%s is %s, it must be a mapping with %s", r.label(), n.kind, strings.Join(keysOf(rules), ", "))
		return
	}
	for _, e := range n.keys {
		i, ok := index[e.key]
		if !ok {
			d.at(d.place(e.line), "unknown key %q; %s", e.key, nearest(e.key, keysOf(rules)))
			continue
		}
		fr := rules[i]
		if v.Type() == textType {
			fr = r // the languages of a Text follow the rules of the Text
			fr.name = e.key
		}
		d.decode(e.node, v.Field(i), fr, e.line)
	}
}

func (d *decoder) decodeList(n *node, v reflect.Value, r rule, line int) {
	if n.kind != listNode {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		if n.kind != nullNode {
			d.at(d.place(line), "%s is %s, it must be a list: start each entry with a dash", r.label(), n.kind)
		}
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.list), len(n.list)))
	for i, item := range n.list {
		at := item.line
		if at == 0 {
			at = line
		}
		d.decode(item, v.Index(i), r, at)
	}
}

func (d *decoder) decodeScalar(n *node, v reflect.Value, r rule, line int) {
	if n.kind == nullNode {
		return
	}
	if n.kind != scalarNode {
		d.at(d.place(line), "%s is %s, it must be a single value", r.label(), n.kind)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(tidy(n.text, r.has("copy") || r.has("blocks")))
	case reflect.Int:
		i, err := strconv.Atoi(n.text)
		if err != nil {
			d.at(d.place(line), "%s is %q, it must be a whole number", r.label(), short(n.text))
			return
		}
		v.SetInt(int64(i))
	case reflect.Bool:
		if n.text != "true" && n.text != "false" {
			d.at(d.place(line), "%s is %q, it must be true or false", r.label(), short(n.text))
			return
		}
		v.SetBool(n.text == "true")
	default:
		d.at(d.place(line), "%s cannot be read", r.label())
	}
}

// tidy makes a value independent of how an editor laid it out: composed
// Unicode, no space at the ends, and, unless line ends carry meaning, single
// spaces instead of line ends.
func tidy(s string, keepLines bool) string {
	s = norm.NFC.String(s)
	if !keepLines {
		return strings.Join(strings.Fields(s), " ")
	}
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (r rule) label() string {
	if r.name == "" {
		return "the file"
	}
	return strconv.Quote(r.name)
}

func keysOf(rules []rule) []string {
	out := make([]string, 0, len(rules))
	for _, r := range rules {
		out = append(out, r.name)
	}
	return out
}

// nearest says what an unknown word probably should have been.
func nearest(word string, known []string) string {
	best, dist := "", 3
	for _, k := range known {
		if d := distance(word, k); d < dist {
			best, dist = k, d
		}
	}
	if best != "" {
		return "did you mean " + strconv.Quote(best) + "?"
	}
	if len(known) == 0 {
		return "there are none yet"
	}
	known = append([]string(nil), known...)
	sort.Strings(known)
	if len(known) > 14 {
		known = append(known[:14], "…")
	}
	return "known here: " + strings.Join(known, ", ")
}

// distance is the Levenshtein distance, bounded by the length of the words.
func distance(a, b string) int {
	if len(a) > 60 || len(b) > 60 {
		return 99
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diag, row[j] = row[j], min(row[j]+1, row[j-1]+1, diag+cost)
		}
	}
	return row[len(b)]
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
