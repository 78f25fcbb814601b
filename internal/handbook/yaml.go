package handbook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Bounds of what the loader reads. A handbook of eight chapters stays far
// below them; they keep a hostile or broken file from taking the machine.
const (
	maxFileBytes = 1 << 20
	maxFiles     = 500
	maxDepth     = 24     // nesting of lists and mappings
	maxIndent    = 120    // columns before the first word of a line
	maxNodes     = 50_000 // values in one file
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	mapNode
)

func (k nodeKind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a mapping"}[k]
}

// node is a YAML value with its line: all that the loader uses of YAML.
type node struct {
	kind nodeKind
	line int
	text string // scalarNode
	list []*node
	keys []entry
}

type entry struct {
	key  string
	line int
	node *node
}

// yamlError is a problem found while reading one file.
type yamlError struct {
	line int
	text string
}

func (e *yamlError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.text) }

// parseYAML reads one document. Anchors, aliases, tags and merge keys are
// refused: an editor's file says what it means, and bombs are made of them.
func parseYAML(data []byte) (n *node, err error) {
	if err := guardYAML(data); err != nil {
		return nil, err
	}
	// The parser is not ours; what it cannot stomach must not stop the program.
	defer func() {
		if r := recover(); r != nil {
			n, err = nil, &yamlError{0, "this is not YAML that we can read; look for an unfinished quote or bracket"}
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, syntaxError(err)
	}
	if len(file.Docs) > 1 {
		for _, doc := range file.Docs[1:] {
			if doc.Body != nil {
				return nil, &yamlError{doc.Body.GetToken().Position.Line, "a file holds one document; remove the line ---"}
			}
		}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, &yamlError{0, "the file is empty; write its content or remove it"}
	}
	b := &builder{}
	return b.build(file.Docs[0].Body, 0)
}

// guardYAML refuses what would make the parser slow or deep, before it runs.
func guardYAML(data []byte) error {
	if len(data) > maxFileBytes {
		return &yamlError{0, fmt.Sprintf("the file is larger than %d KiB; split it", maxFileBytes>>10)}
	}
	if !utf8.Valid(data) {
		line := 1
		for rest := data; len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[size:]
		}
		return &yamlError{line, "not valid UTF-8; save the file as UTF-8"}
	}
	open, commas := 0, 0
	for i, line := range bytes.Split(data, []byte("\n")) {
		if indicators(line) > maxDepth || indent(line) > maxIndent {
			return &yamlError{i + 1, "nested too deep; a handbook needs no more than a few levels"}
		}
		for _, c := range line {
			switch {
			case c == ',':
				commas++ // each may begin a value
			case c == '[' || c == '{':
				open++
			case (c == ']' || c == '}') && open > 0:
				open--
			case c < 0x20 && c != '\t' && c != '\r', c == 0x7f:
				return &yamlError{i + 1, "holds a control character; remove it"}
			}
		}
		if commas > maxNodes {
			return &yamlError{i + 1, "too many values in one file; split it"}
		}
		if open > maxDepth*4 {
			return &yamlError{i + 1, "too many brackets are open; close them"}
		}
	}
	return nil
}

// indicators counts the "- ", "? " and ": " in front of the first word of a
// line; a ruler of dashes counts as one.
func indicators(line []byte) int {
	n := 0
	for i, c := range line {
		switch c {
		case '-', '?', ':':
			if i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t' || line[i+1] == '\r' {
				n++
			}
		case ' ', '\t':
		default:
			return n
		}
	}
	return n
}

func indent(line []byte) int {
	trimmed := bytes.TrimLeft(line, " \t")
	if len(bytes.TrimSpace(trimmed)) == 0 {
		return 0
	}
	return len(line) - len(trimmed)
}

func syntaxError(err error) error {
	var y yaml.Error
	if errors.As(err, &y) {
		line := 0
		if tk := y.GetToken(); tk != nil && tk.Position != nil {
			line = tk.Position.Line
		}
		return &yamlError{line, "not YAML: " + firstLine(y.GetMessage()) + "; look at the indentation and the quotes here and one line up"}
	}
	return &yamlError{0, "not YAML: " + firstLine(err.Error())}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// builder turns the parser's tree into nodes and counts them.
type builder struct{ count int }

func (b *builder) build(n ast.Node, depth int) (*node, error) {
	line := lineOf(n)
	b.count++
	if b.count > maxNodes {
		return nil, &yamlError{line, "too many values in one file; split it"}
	}
	if depth > maxDepth {
		return nil, &yamlError{line, "nested too deep; a handbook needs no more than a few levels"}
	}
	switch v := n.(type) {
	case nil, *ast.NullNode:
		return &node{kind: nullNode, line: line}, nil
	case *ast.StringNode:
		return &node{kind: scalarNode, line: line, text: v.Value}, nil
	case *ast.LiteralNode:
		return &node{kind: scalarNode, line: line, text: v.Value.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		// The text as written: a phone number keeps its zero.
		return &node{kind: scalarNode, line: line, text: n.GetToken().Value}, nil
	case *ast.SequenceNode:
		out := &node{kind: listNode, line: line}
		for _, item := range v.Values {
			child, err := b.build(item, depth+1)
			if err != nil {
				return nil, err
			}
			out.list = append(out.list, child)
		}
		return out, nil
	case *ast.MappingNode:
		return b.mapping(v.Values, line, depth)
	case *ast.MappingValueNode:
		return b.mapping([]*ast.MappingValueNode{v}, line, depth)
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return nil, &yamlError{line, "anchors and aliases (& * <<) are not used here; write the text out, or put it between quotes"}
	case *ast.TagNode:
		return nil, &yamlError{line, "tags (!) are not used here; put the text between quotes"}
	default:
		return nil, &yamlError{line, "this kind of YAML is not used here; write key: value"}
	}
}

func (b *builder) mapping(values []*ast.MappingValueNode, line, depth int) (*node, error) {
	out := &node{kind: mapNode, line: line}
	if len(values) > 0 {
		out.line = lineOf(values[0].Key)
	}
	seen := map[string]bool{}
	for _, v := range values {
		at := lineOf(v.Key)
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			return nil, &yamlError{at, "a key is one plain word; anchors and other keys are not used here"}
		}
		if seen[key.Value] {
			return nil, &yamlError{at, fmt.Sprintf("key %q stands here twice; keep one", key.Value)}
		}
		seen[key.Value] = true
		child, err := b.build(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if child.line == 0 {
			child.line = at
		}
		out.keys = append(out.keys, entry{key.Value, at, child})
	}
	return out, nil
}

func lineOf(n ast.Node) int {
	if n == nil {
		return 0
	}
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return tk.Position.Line
	}
	return 0
}
