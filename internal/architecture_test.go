// Package internal_test holds the direction of imports. The map below is the
// documentation of it (docs/architecture.md explains why).
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ambassadeur/"

// rows lists the packages from the bottom up. A package may import packages
// of lower rows, and its own sub-packages; never its neighbours.
var rows = [][]string{
	// What every other package may use.
	{"internal/fault", "internal/text", "internal/config", "handbooks"},
	{"internal/i18n", "internal/db", "internal/secret"},
	// Mechanism: no word of the domain.
	{"internal/job", "internal/mail", "internal/blob", "internal/erasure"},
	{"internal/backup"},
	// Foundation.
	{"internal/people", "internal/audit", "internal/handbook", "internal/notify"},
	// Pages: what they share, the design system, the shells, the pages themselves.
	{"internal/web/kit", "internal/web/assets"},
	{"internal/web/ui"},
	{"internal/web/layout"},
	{"internal/web/signinpages", "internal/web/handbookpages", "internal/web/homepages", "internal/web/settingpages", "internal/web/noticepages", "internal/web/officepages"},
	{"internal/web/gallery"},
	{"internal/web"},
	// The only places that know everyone.
	{"internal/doctor"},
	{"internal/app"},
	{"cmd/ambassadeur"},
}

// only names the packages that alone may import a library.
var only = map[string][]string{
	"github.com/riverqueue/river": {"internal/job"},
	"modernc.org/sqlite":          {"internal/db", "internal/job"},
	"github.com/jackc/pgx/v5":     {"internal/db", "internal/job"},
}

func TestImportsPointDown(t *testing.T) {
	for path, imports := range sources(t) {
		from := filepath.ToSlash(filepath.Dir(path))
		row, ok := rowOf(from)
		if !ok {
			if !strings.HasPrefix(from, "tools/") && !strings.HasPrefix(from, "test/") {
				t.Errorf("%s: package %s has no row in internal/architecture_test.go; give it the lowest one that fits", path, from)
			}
			continue
		}
		for _, imp := range imports {
			checkLibrary(t, path, from, imp)
			to, isOurs := strings.CutPrefix(imp, module)
			if !isOurs || root(to) == root(from) {
				continue
			}
			target, ok := rowOf(to)
			if !ok || target >= row {
				t.Errorf("%s imports %s, which is not below it. Let the lower package take plain values, wire a function in internal/app, or declare a small interface on this side", path, to)
			}
		}
	}
}

func checkLibrary(t *testing.T, path, from, imp string) {
	t.Helper()
	for lib, allowed := range only {
		if (imp == lib || strings.HasPrefix(imp, lib+"/")) && !slices.Contains(allowed, root(from)) {
			t.Errorf("%s imports %s; only %s may. Call that package instead", path, imp, strings.Join(allowed, " and "))
		}
	}
}

// root is the package of the map that pkg belongs to: the longest entry that
// is pkg or a folder above it.
func root(pkg string) string {
	best := ""
	for _, row := range rows {
		for _, p := range row {
			if (pkg == p || strings.HasPrefix(pkg, p+"/")) && len(p) > len(best) {
				best = p
			}
		}
	}
	return best
}

func rowOf(pkg string) (int, bool) {
	r := root(pkg)
	for i, row := range rows {
		if slices.Contains(row, r) {
			// internal/web covers its sub-folders only when they have a row of
			// their own, so that a new page area is placed on purpose.
			return i, r != "" && (r != "internal/web" || pkg == r)
		}
	}
	return 0, false
}

// sources returns the imports of every Go file that is not a test.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	t.Chdir("..")
	out := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		out[path] = []string{}
		for _, imp := range f.Imports {
			s, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			out[path] = append(out[path], s)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNoDialectOutsideDB(t *testing.T) {
	for path := range sources(t) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if r := root(dir); r == "internal/db" || r == "internal/job" || r == "internal/config" || strings.HasPrefix(dir, "tools/") {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{`"postgres"`, `"sqlite"`, "DialectPostgres", "DialectSQLite"} {
			if strings.Contains(string(b), word) {
				t.Errorf("%s holds %s: branches on the database belong in internal/db", path, word)
			}
		}
	}
}
