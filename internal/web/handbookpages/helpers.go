package handbookpages

import (
	"net/http"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/ui"
)

// helpers shows the decision helpers.
func (p *pages) helpers(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, helpersPage)
}

// helperChoices are the decision helpers for the reader's audience.
func helperChoices(r reading) []ui.Choice {
	tint, _ := layout.Look(layout.Helpers)
	var out []ui.Choice
	for _, h := range r.Index.Content().Helpers {
		if r.shows(h.Audience) {
			out = append(out, ui.Choice{Title: r.say(h.Title), Text: plain(r, h.Intro), Href: helpersPath + "/" + h.ID, Icon: h.Picture, Tint: tint})
		}
	}
	return out
}

// helperStart shows the first question of a helper.
func (p *pages) helperStart(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	h, ok := book.Index.Helper(r.PathValue("helper"))
	if !ok {
		return missing()
	}
	return kit.Render(w, r, http.StatusOK, questionPage(book, walk(book.Index, h, nil), nil))
}

// Fields of the form of a question.
const (
	givenField  = "given"  // an answer that was given before, "question:answer"; once for each
	answerField = "answer" // the answer to the question on the page, in the same form
	backField   = "back"   // present when the reader wants to see the question before this one
)

// helperAnswer takes an answer and shows the next question or the outcome. The
// answers travel in the form from page to page: nothing is kept, and nothing
// about the reader stands in an address.
func (p *pages) helperAnswer(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	h, ok := book.Index.Helper(r.PathValue("helper"))
	if !ok {
		return missing()
	}
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	given := r.PostForm[givenField]
	if r.PostForm.Has(backField) {
		return kit.Render(w, r, http.StatusOK, questionPage(book, walk(book.Index, h, given).back(), nil))
	}
	before := walk(book.Index, h, given)
	now := walk(book.Index, h, append(before.given(), r.PostForm.Get(answerField)))
	switch {
	case now.outcome != nil:
		return kit.Render(w, r, http.StatusOK, outcomePage(book, now))
	case len(now.steps) > len(before.steps):
		return kit.Render(w, r, http.StatusOK, questionPage(book, now, nil))
	default:
		wrong := kit.Errors{answerField: kit.T(r.Context(), "book.choose-one")}
		return kit.Render(w, r, http.StatusUnprocessableEntity, questionPage(book, before, wrong))
	}
}

// journey is how far somebody came in a helper: the steps that they answered,
// and then a question or an outcome.
type journey struct {
	helper   *handbook.Helper
	steps    []step
	question *handbook.Question // nil at the end
	outcome  *handbook.Outcome
	chosen   string // the answer to question that was given before, after going back
}

// step is a question with the answer that was given.
type step struct {
	question *handbook.Question
	answer   *handbook.Answer
}

func (s step) value() string { return s.question.ID + ":" + s.answer.ID }

// number is which question is on the page, from 1.
func (j journey) number() int { return len(j.steps) + 1 }

// given are the answers in the form in which they travel.
func (j journey) given() []string {
	out := make([]string, 0, len(j.steps)+1)
	for _, s := range j.steps {
		out = append(out, s.value())
	}
	return out
}

// walk follows the answers from the first question. An answer that does not
// belong to the question where it comes, and all after it, count for nothing.
func walk(x *handbook.Index, h *handbook.Helper, given []string) journey {
	j := journey{helper: h}
	j.question, _ = x.Question(h.ID, h.Start)
	for _, value := range given {
		if j.question == nil {
			break
		}
		a := answerOf(j.question, value)
		if a == nil {
			break
		}
		j.steps = append(j.steps, step{j.question, a})
		if a.Outcome != "" {
			j.outcome, _ = x.Outcome(h.ID, a.Outcome)
			j.question = nil
			break
		}
		j.question, _ = x.Question(h.ID, a.Next)
	}
	return j
}

func answerOf(q *handbook.Question, value string) *handbook.Answer {
	for i := range q.Answers {
		if value == q.ID+":"+q.Answers[i].ID {
			return &q.Answers[i]
		}
	}
	return nil
}

// back is the journey one question earlier, with the answer that was given
// there still chosen.
func (j journey) back() journey {
	if len(j.steps) == 0 {
		return j
	}
	last := j.steps[len(j.steps)-1]
	return journey{helper: j.helper, steps: j.steps[:len(j.steps)-1], question: last.question, chosen: last.value()}
}

// answers are the answers to choose from.
func answers(r reading, j journey) []ui.Option {
	var out []ui.Option
	for _, a := range j.question.Answers {
		value := j.question.ID + ":" + a.ID
		out = append(out, ui.Option{Value: value, Label: r.say(a.Text), Checked: value == j.chosen})
	}
	return out
}

// cited are the ideas of the handbook that an outcome rests on.
func (r reading) cited(o *handbook.Outcome) []handbook.Piece {
	var out []handbook.Piece
	for _, l := range o.Cites {
		if p, ok := r.Index.Piece(l); ok {
			out = append(out, p)
		}
	}
	return out
}

// asks says whether an action of the outcome leads to somebody to ask, so that
// the page need not offer it twice.
func (r reading) asks(o *handbook.Outcome) bool {
	for _, a := range o.Actions {
		if r.Index.URL(a.To) == askPath {
			return true
		}
	}
	return false
}

// citations are the ideas that an outcome rests on, as links into the handbook.
func citations(r reading, o *handbook.Outcome) []ui.Link {
	tint, _ := layout.Look(layout.Handbook)
	var out []ui.Link
	for _, p := range r.cited(o) {
		l := ui.Link{Title: r.say(p.Title), Href: p.URL, Icon: p.Picture, Tint: tint}
		if ch, ok := r.Index.Chapter(p.Chapter); ok {
			l.Text = r.say(ch.Title)
		}
		if _, _, key := strengthLook(string(p.Strength)); key != "" {
			l.Text += " – " + i18n.For(r.lang).T(key)
		}
		out = append(out, l)
	}
	return out
}

func questionHint(r reading, j journey) string {
	if j.question.Hint == nil {
		return ""
	}
	return plain(r, *j.question.Hint)
}

// firstIs makes the first button of a row the one that stands out.
func firstIs(i int) ui.Rank {
	if i == 0 {
		return ui.Primary
	}
	return ui.Secondary
}
