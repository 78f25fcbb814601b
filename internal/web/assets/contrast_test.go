package assets

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// tokens reads the colour table: name → light and dark value.
func tokens(t *testing.T) map[string][2]string {
	t.Helper()
	css, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	pair := regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\);`)
	out := map[string][2]string{}
	for _, m := range pair.FindAllStringSubmatch(string(css), -1) {
		out[m[1]] = [2]string{m[2], m[3]}
	}
	if len(out) < 25 {
		t.Fatalf("only %d colours found in tokens.css", len(out))
	}
	return out
}

// contrast is the ratio of WCAG 2 between two colours of the form #RRGGBB.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + .05) / (math.Min(la, lb) + .05)
}

func luminance(hex string) float64 {
	n, _ := strconv.ParseUint(hex[1:], 16, 32)
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*channel(16) + .7152*channel(8) + .0722*channel(0)
}

func TestContrastOfTokens(t *testing.T) {
	grounds := []string{"bg", "surface", "sunk", "lilac", "apricot", "sky", "sage", "sand"}
	states := []string{"ok-bg", "warn-bg", "stop-bg", "info-bg"}
	type rule struct {
		ink     string
		grounds []string
		least   float64
	}
	rules := []rule{
		// text
		{"ink", append(grounds, states...), 7},
		{"ink-2", grounds, 7},
		{"primary", grounds, 7},
		{"on-primary", []string{"primary", "primary-strong"}, 7},
		{"on-band", []string{"band", "band-strong"}, 7},
		{"ok", []string{"ok-bg", "surface", "bg", "lilac", "apricot", "sky", "sage", "sand"}, 7},
		{"warn", []string{"warn-bg", "surface", "bg"}, 7},
		{"stop", []string{"stop-bg", "surface", "bg"}, 7},
		{"info", []string{"info-bg", "surface", "bg"}, 7},
		{"surface", []string{"ink"}, 7},
		// borders of what can be pressed or filled in, and the focus ring
		{"line", grounds, 3},
		{"stop", grounds, 3},
		{"band-line", []string{"band"}, 3},
		{"focus", []string{"focus-ink"}, 3},
	}
	colours := tokens(t)
	for _, r := range rules {
		for _, ground := range r.grounds {
			for i, theme := range []string{"light", "dark"} {
				t.Run(fmt.Sprintf("%s on %s %s", r.ink, ground, theme), func(t *testing.T) {
					ink, ok := colours[r.ink]
					base, found := colours[ground]
					if !ok || !found {
						t.Fatal("no such token")
					}
					if got := contrast(ink[i], base[i]); got < r.least {
						t.Errorf("%s on %s is %.2f, want at least %.0f", ink[i], base[i], got, r.least)
					}
				})
			}
		}
	}
}

// One of the two rings of the focus must stand out on every ground.
func TestFocusRingStandsOut(t *testing.T) {
	colours := tokens(t)
	for name, ground := range colours {
		if name == "focus" || name == "focus-ink" {
			continue
		}
		for i, theme := range []string{"light", "dark"} {
			inner := contrast(colours["focus-ink"][i], ground[i])
			outer := contrast(colours["focus"][i], ground[i])
			if math.Max(inner, outer) < 3 {
				t.Errorf("focus on %s (%s): inner %.2f, outer %.2f, want one of at least 3", name, theme, inner, outer)
			}
		}
	}
}
