package i18n

import (
	"regexp"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

func TestCatalogsHaveTheSameKeys(t *testing.T) {
	nl, en := Keys(NL), Keys(EN)
	for _, k := range nl {
		if !slices.Contains(en, k) {
			t.Errorf("key %q is missing in catalog/en", k)
		}
	}
	for _, k := range en {
		if !slices.Contains(nl, k) {
			t.Errorf("key %q is missing in catalog/nl", k)
		}
	}
}

var argument = regexp.MustCompile(`\{\{\s*\.(\w+)`)

func TestCatalogsHaveTheSameArguments(t *testing.T) {
	for _, k := range Keys(NL) {
		nl, en := arguments(NL, k), arguments(EN, k)
		if !slices.Equal(nl, en) {
			t.Errorf("key %q: arguments differ: nl %v, en %v", k, nl, en)
		}
	}
}

func arguments(l Lang, key string) []string {
	var names []string
	for _, text := range Raw(l, key) {
		for _, m := range argument.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestNoEmptyMessage(t *testing.T) {
	for _, l := range Langs() {
		for _, k := range Keys(l) {
			for _, text := range Raw(l, k) {
				if text == "" {
					t.Errorf("%s: %q is empty", l, k)
				}
			}
		}
	}
}

func TestMissingKeyIsVisible(t *testing.T) {
	if got := For(NL).T("no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("got %q", got)
	}
}

func TestPluralAndAgo(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 32, 0, 0, Zone())
	tests := []struct {
		lang Lang
		at   time.Time
		want string
	}{
		{NL, now.Add(-10 * time.Second), "zojuist"},
		{NL, now.Add(-time.Minute), "1 minuut geleden"},
		{EN, now.Add(-5 * time.Minute), "5 minutes ago"},
		{NL, now.Add(-2 * time.Hour), "2 uur geleden"},
		{NL, now.Add(-24 * time.Hour), "gisteren, 14.32 uur"},
		{EN, now.Add(-24 * time.Hour), "yesterday, 14:32"},
		{NL, now.Add(-72 * time.Hour), "vrijdag 20 november 2026, 14.32 uur"},
	}
	for _, tt := range tests {
		if got := For(tt.lang).Ago(tt.at, now); got != tt.want {
			t.Errorf("Ago(%v) = %q, want %q", tt.at, got, tt.want)
		}
	}
}

func TestPrefer(t *testing.T) {
	for header, want := range map[string]Lang{"": NL, "en-GB,en;q=0.9": EN, "nl": NL, "fr,en;q=0.5": EN, "\x00;;": NL, "de": NL} {
		if got := Prefer(header); got != want {
			t.Errorf("Prefer(%q) = %s, want %s", header, got, want)
		}
	}
}

func TestWrongCatalogsSayWhatIsWrong(t *testing.T) {
	for name, content := range map[string]string{
		"not json":   `{`,
		"other area": `{"x.y": "z"}`,
		"no plural":  `{"a.b": {"one": "x"}}`,
		"a number":   `{"a.b": 3}`,
	} {
		fsys := fstest.MapFS{"catalog/nl/a.json": {Data: []byte(content)}}
		if _, err := load(fsys, NL); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
