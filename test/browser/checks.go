package browser

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed checks.js
var checksJS string

// The limits of the design (docs: 46 points).
const (
	minTarget = 44      // CSS pixels
	maxLine   = 72      // letters; the measure of 38 rem gives about 70
	maxBytes  = 150_000 // of a first load
)

// Finding is one fault on a page.
type Finding struct {
	Rule  string `json:"rule"`
	Where string `json:"where"`
	Text  string `json:"text"`
}

func (f Finding) String() string {
	return strings.TrimSpace(f.Rule + ": " + f.Where + " " + f.Text)
}

// axeJS runs axe-core with everything that we hold ourselves to, and returns
// findings. A rule that axe could not decide counts as a finding too.
const axeJS = `axe.run(document, {
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']},
  rules: {'color-contrast-enhanced': {enabled: true}, 'target-size': {enabled: true}},
  resultTypes: ['violations', 'incomplete'],
}).then(r => [...r.violations.map(v => ['', v]), ...r.incomplete.map(v => ['undecided ', v])].flatMap(([kind, v]) =>
  v.nodes.map(n => ({rule: kind + 'axe ' + v.id, where: n.target.join(' '), text: (n.failureSummary || v.help).replace(/\s+/g, ' ').slice(0, 300)}))))`

// Check looks at the open page with axe-core and with our own checks.
func (tab *Tab) Check(t testing.TB) []Finding {
	t.Helper()
	found := tab.Own(t)
	if _, err := chromedp.Run(tab.Ctx, chromedp.Evaluate[chromedp.Void](tab.axe+"\n;undefined")); err != nil {
		t.Fatalf("load axe-core: %v", err)
	}
	found = append(found, Eval[[]Finding](t, tab, axeJS)...)
	for _, m := range tab.messages() {
		found = append(found, Finding{Rule: "console", Where: "page", Text: m})
	}
	return found
}

// Own looks at the open page with our own checks only.
func (tab *Tab) Own(t testing.TB) []Finding {
	t.Helper()
	limits := fmt.Sprintf(`{"target": %d, "line": %d, "bytes": %d}`, minTarget, maxLine, maxBytes)
	return Eval[[]Finding](t, tab, strings.Replace(checksJS, "%LIMITS%", limits, 1))
}

// Spacing lays the text spacing of WCAG 1.4.12 over the open page.
func (tab *Tab) Spacing(t testing.TB) {
	t.Helper()
	Eval[bool](t, tab, `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return true;
})()`)
}
