package web

import (
	"encoding/json"
	"io/fs"
	"testing"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/ui"
)

// shipped is the handbook that comes with the program.
func shipped(t *testing.T) *handbook.Index {
	t.Helper()
	folder, err := fs.Sub(handbooks.FS, "sgl")
	if err != nil {
		t.Fatal(err)
	}
	content, projection, err := handbook.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	book, err := handbook.Compile(content, projection)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestStatesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, area := range Areas(shipped(t)) {
		if len(area.States) == 0 {
			t.Errorf("area %s lists no state", area.Name)
		}
		for _, s := range area.States {
			name := area.Name + "/" + s.Name
			if seen[name] {
				t.Errorf("two states are called %s", name)
			}
			seen[name] = true
		}
	}
}

// An unknown picture would show as a circle; a handbook that is shipped has
// none.
func TestPicturesOfTheHandbookExist(t *testing.T) {
	body, err := json.Marshal(shipped(t).Content())
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		t.Fatal(err)
	}
	found := 0
	walk(tree, func(picture string) {
		found++
		if !ui.HasIcon(picture) {
			t.Errorf("the handbook names the picture %q, which is not in tools/assets/icons.txt", picture)
		}
	})
	if found < 50 {
		t.Errorf("only %d pictures found", found)
	}
}

// walk calls use with every value that is called "picture".
func walk(node any, use func(string)) {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if s, ok := value.(string); ok && key == "picture" && s != "" {
				use(s)
			} else {
				walk(value, use)
			}
		}
	case []any:
		for _, value := range n {
			walk(value, use)
		}
	}
}
