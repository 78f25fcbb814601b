package handbook_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"testing/fstest"

	"ambassadeur/internal/handbook"
)

func TestExport(t *testing.T) {
	for name, folder := range map[string]func(testing.TB) (*handbook.Content, *handbook.Projection){
		"small": func(t testing.TB) (*handbook.Content, *handbook.Projection) { return load(t, small(t)) },
		"sgl":   func(t testing.TB) (*handbook.Content, *handbook.Projection) { return load(t, sgl(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			c, p := folder(t)
			files := fstest.MapFS{}
			must(t, handbook.Export(c, p, func(name string, data []byte) error {
				files[name] = &fstest.MapFile{Data: data}
				return nil
			}))
			again, beside := load(t, files)
			a, _ := handbook.Canonical(c)
			b, _ := handbook.Canonical(again)
			if !bytes.Equal(a, b) {
				t.Error("the content changed on the way")
			}
			if len(handbook.DiffProjection(p, beside)) != 0 {
				t.Error("the projections changed on the way")
			}
		})
	}
}

// TestSchemaIsFresh compares the published schema with the types.
// Write it with: go test ./internal/handbook -run TestSchemaIsFresh -update
func TestSchemaIsFresh(t *testing.T) {
	const file = "../../handbooks/schema.json"
	got, err := handbook.Schema()
	must(t, err)
	if *update {
		must(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Errorf("%s is old; run this test with -update", file)
	}
	if !json.Valid(got) {
		t.Error("not JSON")
	}
}
