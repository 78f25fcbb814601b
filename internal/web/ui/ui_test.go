package ui

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"ambassadeur/internal/web/kit"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOnlySafeAddressesAreFollowed(t *testing.T) {
	for address, want := range map[string]string{
		"/handboek/tips#twijfel":         "/handboek/tips#twijfel",
		"#inhoud":                        "#inhoud",
		"https://example.org/x?y=1":      "https://example.org/x?y=1",
		"mailto:hulp@example.org":        "mailto:hulp@example.org",
		"tel:0880000000":                 "tel:0880000000",
		"http://localhost:8080/start":    "http://localhost:8080/start",
		"http://example.org":             "#",
		"//example.org/elsewhere":        "#",
		"javascript:alert(1)":            "#",
		" JavaScript:alert(1)":           "#",
		"data:text/html,<b>x</b>":        "#",
		"https://example.org/%zz broken": "#",
	} {
		if got := safe(address); got != want {
			t.Errorf("safe(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestTelephone(t *testing.T) {
	if got := telephone("+31 (0)88 - 000 00 00"); got != "tel:+310880000000" {
		t.Errorf("got %q", got)
	}
}

func TestFieldSaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	html := render(t, Field(FieldProps{ID: "mail", Type: "email", Label: "Adres", Hint: "Van jezelf.", Value: `a"b`, Error: "Er mist iets."}))
	for _, want := range []string{`for="mail"`, `id="mail"`, `name="mail"`, `aria-describedby="mail-hint mail-error"`, `aria-invalid="true"`, `id="mail-hint"`, `id="mail-error"`, `value="a&#34;b"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in %s", want, html)
		}
	}
	if fine := render(t, Field(FieldProps{ID: "mail", Label: "Adres"})); strings.Contains(fine, "aria-") {
		t.Errorf("a field that is fine says more than it should: %s", fine)
	}
}

func TestListOfMistakesLeadsToTheFieldsInTheirOrder(t *testing.T) {
	mistakes := Mistakes(kit.Errors{"b": "Tweede", "a": "Eerste"}, "a", "b", "c")
	html := render(t, ErrorSummary(mistakes))
	first, second := strings.Index(html, `href="#a"`), strings.Index(html, `href="#b"`)
	if first < 0 || second < first || len(mistakes) != 2 {
		t.Errorf("got %v in %s", mistakes, html)
	}
	if html := render(t, ErrorSummary(nil)); html != "" {
		t.Errorf("without mistakes: %q", html)
	}
}

func TestFirstAnswerHasTheIdOfItsQuestion(t *testing.T) {
	html := render(t, Choices(ChoicesProps{ID: "who", Legend: "Wie?", Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Checked: true}}}))
	for _, want := range []string{`id="who"`, `id="who-2"`} {
		if strings.Count(html, want) != 1 {
			t.Errorf("%s stands %d times in %s", want, strings.Count(html, want), html)
		}
	}
	if strings.Count(html, " checked") != 1 {
		t.Errorf("one answer must be checked: %s", html)
	}
}

func TestQRHoldsASquareOfUnits(t *testing.T) {
	code := encodeQR("https://ambassadeur.example.org/volg-ons")
	if !regexp.MustCompile(`^0 0 (\d+) (\d+)$`).MatchString(code.box) || !strings.HasPrefix(code.path, "M2 2h7v1") {
		t.Errorf("got box %q and path %.40q", code.box, code.path)
	}
	if long := encodeQR(strings.Repeat("x", 5000)); long.path != "" {
		t.Error("a text that does not fit gave a code")
	}
}

func TestIconsThatPartsUseExist(t *testing.T) {
	names := IconNames()
	if !slices.IsSorted(names) {
		t.Error("tools/assets/icons.txt is not in alphabetical order")
	}
	use := regexp.MustCompile(`(?:Icon|Blob)\("([a-z0-9-]+)"\)|Icon: "([a-z0-9-]+)"`)
	for _, file := range []string{"action.templ", "form.templ", "part.templ", "content.templ", "../layout/page.templ", "../layout/screen.templ"} {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range use.FindAllStringSubmatch(string(body), -1) {
			if name := m[1] + m[2]; !HasIcon(name) {
				t.Errorf("%s uses the icon %q, which is not in tools/assets/icons.txt", file, name)
			}
		}
	}
	if !strings.Contains(render(t, Icon("no-such-icon")), "<circle") {
		t.Error("an unknown icon must show a circle")
	}
}
