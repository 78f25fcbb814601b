package handbookpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

// Somebody who answers every question in every way reaches every outcome, and
// each outcome cites the handbook.
func TestEveryWayThroughAHelper(t *testing.T) {
	for _, lang := range i18n.Langs() {
		w := newWorld(t).in(lang)
		for _, h := range w.index.Content().Helpers {
			t.Run(string(lang)+"/"+h.ID, func(t *testing.T) {
				w := newWorld(t).in(lang)
				reached := map[string]bool{}
				follow(t, w, &h, nil, reached)
				for _, o := range h.Outcomes {
					if !reached[o.ID] {
						t.Errorf("no way leads to the outcome %q", o.ID)
					}
				}
			})
		}
	}
}

// follow answers the question after given in every way.
func follow(t *testing.T, w *world, h *handbook.Helper, given []string, reached map[string]bool) {
	t.Helper()
	path := "/keuzehulp/" + h.ID
	question := questionAfter(w, h, given)
	for _, a := range question.Answers {
		answer := question.ID + ":" + a.ID
		p := w.post(path, url.Values{"given": given, "answer": {answer}})
		if p.code != http.StatusOK {
			t.Fatalf("%v %s: status %d", given, answer, p.code)
		}
		for _, f := range p.tags("form") {
			if strings.ContainsAny(attr(f, "action"), "?#") {
				t.Errorf("a form leads to %q: answers must not stand in an address", attr(f, "action"))
			}
		}
		now := append(append([]string{}, given...), answer)
		if !sameGiven(p, now) {
			t.Fatalf("after %v the page does not carry the answers", now)
		}
		if a.Outcome == "" {
			follow(t, w, h, now, reached)
			continue
		}
		o, _ := w.index.Outcome(h.ID, a.Outcome)
		reached[o.ID] = true
		outcomeIsComplete(t, w, p, o)
	}
}

func questionAfter(w *world, h *handbook.Helper, given []string) *handbook.Question {
	q, _ := w.index.Question(h.ID, h.Start)
	for _, g := range given {
		for _, a := range q.Answers {
			if g == q.ID+":"+a.ID {
				q, _ = w.index.Question(h.ID, a.Next)
				break
			}
		}
	}
	return q
}

func outcomeIsComplete(t *testing.T, w *world, p page, o *handbook.Outcome) {
	t.Helper()
	lang := w.env.Display.Lang
	if p.h1() != o.Title.In(lang) {
		t.Errorf("outcome %s: h1 is %q", o.ID, p.h1())
	}
	tag := map[handbook.Strength]string{handbook.NotAllowed: "ui.not-allowed", handbook.Discouraged: "ui.discouraged", handbook.Tip: "ui.tip"}[o.Strength]
	if tag != "" && !p.has(i18n.For(lang).T(tag)) {
		t.Errorf("outcome %s does not say %q", o.ID, i18n.For(lang).T(tag))
	}
	for _, l := range o.Cites {
		if !links(p, w.index.URL(l)) {
			t.Errorf("outcome %s does not lead to %s", o.ID, l)
		}
	}
	for _, a := range o.Actions {
		if !links(p, w.index.URL(a.To)) {
			t.Errorf("outcome %s does not offer %s", o.ID, a.To)
		}
	}
	if !links(p, "/vragen") {
		t.Errorf("outcome %s offers nobody to ask", o.ID)
	}
}

func links(p page, href string) bool {
	return len(p.all(func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == href })) > 0
}

func sameGiven(p page, want []string) bool {
	var got []string
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "input" && attr(n, "name") == "given" }) {
		got = append(got, attr(n, "value"))
	}
	return strings.Join(got, " ") == strings.Join(want, " ")
}

func TestQuestionPages(t *testing.T) {
	w := newWorld(t)
	h, _ := w.index.Helper("whatsapp")
	first, _ := w.index.Question(h.ID, h.Start)
	var next *handbook.Answer
	for i := range first.Answers {
		if first.Answers[i].Next != "" {
			next = &first.Answers[i]
			break
		}
	}
	answer := first.ID + ":" + next.ID

	t.Run("the first question", func(t *testing.T) {
		p := w.get("/keuzehulp/whatsapp")
		if p.h1() != first.Text.NL || !strings.HasPrefix(words(p.tags("title")[0]), first.Text.NL+" – vraag 1") || !p.has("Vraag 1") {
			t.Errorf("h1 %q, title %q", p.h1(), words(p.tags("title")[0]))
		}
		if radios := p.all(func(n *html.Node) bool { return attr(n, "type") == "radio" && attr(n, "name") == "answer" }); len(radios) != len(first.Answers) {
			t.Errorf("%d answers, want %d", len(radios), len(first.Answers))
		}
	})
	t.Run("the second question says its number", func(t *testing.T) {
		p := w.post("/keuzehulp/whatsapp", url.Values{"answer": {answer}})
		if !strings.Contains(words(p.tags("title")[0]), " – vraag 2") || !p.has("Terug naar vraag 1") {
			t.Errorf("title %q", words(p.tags("title")[0]))
		}
	})
	t.Run("back keeps the answer", func(t *testing.T) {
		p := w.post("/keuzehulp/whatsapp", url.Values{"given": {answer}, "back": {"1"}})
		if p.h1() != first.Text.NL {
			t.Errorf("h1 %q", p.h1())
		}
		chosen := p.all(func(n *html.Node) bool { return attr(n, "name") == "answer" && hasAttr(n, "checked") })
		if len(chosen) != 1 || attr(chosen[0], "value") != answer {
			t.Errorf("the answer is not chosen any more")
		}
	})
	for name, form := range map[string]url.Values{
		"no answer":                     {"given": {answer}},
		"an answer to another question": {"given": {answer}, "answer": {answer}},
		"an invented answer":            {"given": {answer}, "answer": {"x:y"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.post("/keuzehulp/whatsapp", form)
			if p.code != http.StatusUnprocessableEntity || !sameGiven(p, []string{answer}) || p.byID("mistakes") == nil || p.byID("answer") == nil {
				t.Errorf("status %d; the question comes back with the earlier answers and what to do", p.code)
			}
		})
	}
	t.Run("invented earlier answers count for nothing", func(t *testing.T) {
		p := w.post("/keuzehulp/whatsapp", url.Values{"given": {"x:y", answer}, "answer": {answer}})
		if p.code != http.StatusOK || !sameGiven(p, []string{answer}) {
			t.Errorf("status %d", p.code)
		}
	})
	t.Run("an unknown helper", func(t *testing.T) {
		if p := w.get("/keuzehulp/onbekend"); p.code != http.StatusNotFound {
			t.Errorf("status %d", p.code)
		}
		if p := w.post("/keuzehulp/onbekend", nil); p.code != http.StatusNotFound {
			t.Errorf("status %d", p.code)
		}
	})
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
