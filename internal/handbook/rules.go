package handbook

import (
	"ambassadeur/internal/text"
)

// rules checks what one field alone cannot show: the rules about a whole
// piece. ptr points to any struct of a handbook.
func (k *checker) rules(ptr any) {
	switch p := ptr.(type) {
	case *PolicyItem:
		k.policyItem(p)
	case *Chapter:
		k.chapter(p)
	case *Idea:
		if p.Strength != "" && len(p.Items) == 0 {
			k.on(&p.Items, "idea %q is a rule and names no policy item; add items, or remove strength", p.ID)
		}
	case *Card:
		k.card(p)
	case *Helper:
		(&helperCheck{k, p}).run()
	case *Outcome:
		k.cites(p)
	case *Reference:
		k.reference(p)
	}
}

func (k *checker) policyItem(p *PolicyItem) {
	if !itemForm.MatchString(p.ID) {
		k.on(&p.ID, "item id is %q; write S-033, or S-033a for a part of it", short(p.ID))
	}
	if p.PartOf != "" && !k.items[p.PartOf] {
		k.on(&p.PartOf, "part_of names %q, which is not in this list", short(p.PartOf))
	}
}

// chapter checks the anchors of a page: a section and an idea share one page,
// so they may not share an id.
func (k *checker) chapter(c *Chapter) {
	seen := map[string]bool{}
	for i := range c.Sections {
		s := &c.Sections[i]
		if seen[s.ID] {
			k.on(&s.ID, "%q is an anchor of this chapter already; choose another id", s.ID)
		}
		seen[s.ID] = true
		for j := range s.Ideas {
			id := &s.Ideas[j].ID
			if seen[*id] {
				k.on(id, "%q is an anchor of this chapter already; choose another id", *id)
			}
			seen[*id] = true
		}
	}
}

func (k *checker) card(c *Card) {
	for _, s := range []*string{&c.Sentence.NL, &c.Sentence.EN} {
		if n := len(text.Sentences(Plain(*s))); n > 1 {
			k.on(s, "a card is one sentence, this is %d; move the rest to example or why", n)
		}
	}
	if kind, _, ok := c.Rule.Split(); ok && kind != KindIdea {
		k.on(&c.Rule, "rule must point to an idea of a chapter: idea:chapter/idea")
	}
}

func (k *checker) cites(o *Outcome) {
	for _, l := range o.Cites {
		if kind, _, _ := l.Split(); kind == KindIdea {
			return
		}
	}
	if len(o.Cites) > 0 {
		k.on(&o.Cites, "outcome %q cites no idea; add the idea of the handbook that it rests on: idea:chapter/idea", o.ID)
	}
}

func (k *checker) reference(r *Reference) {
	hasCopy := r.Copy != nil && !r.Copy.Empty()
	switch {
	case r.Status == "available" && r.URL == "" && !hasCopy:
		k.on(&r.Status, "an available document needs a url or a copy; add one, or set status to in_the_making")
	case r.Status == "in_the_making" && (r.URL != "" || hasCopy):
		k.on(&r.Status, "a document in the making has no url and no copy yet; remove them, or set status to available")
	}
}

// maxQuestions bounds the work on one graph; the tag on Helper says what a
// helper may hold.
const maxQuestions = 200

// helperCheck checks the graph of one decision helper: every question can be
// reached, every answer leads somewhere, and from every question there is a
// way to an outcome.
type helperCheck struct {
	*checker
	h *Helper
}

func (hc *helperCheck) run() {
	if len(hc.h.Questions) > maxQuestions {
		return // reported as too many; the graph waits until it is smaller
	}
	questions := map[string]*Question{}
	for i := range hc.h.Questions {
		questions[hc.h.Questions[i].ID] = &hc.h.Questions[i]
	}
	outcomes := map[string]bool{}
	for i := range hc.h.Outcomes {
		id := hc.h.Outcomes[i].ID
		outcomes[id] = true
		if questions[id] != nil {
			hc.on(&hc.h.Outcomes[i].ID, "%q is a question of this helper already; choose another id", id)
		}
	}
	if hc.h.Start != "" && questions[hc.h.Start] == nil {
		hc.on(&hc.h.Start, "start names %q, which is no question of this helper", short(hc.h.Start))
	}
	used := hc.answers(questions, outcomes)
	for i := range hc.h.Outcomes {
		if o := &hc.h.Outcomes[i]; !used[o.ID] {
			hc.on(&o.ID, "no answer leads to outcome %q; add one, or remove the outcome", o.ID)
		}
	}
	hc.paths(questions)
}

// answers checks where each answer leads and returns the outcomes in use.
func (hc *helperCheck) answers(questions map[string]*Question, outcomes map[string]bool) map[string]bool {
	used := map[string]bool{}
	for i := range hc.h.Questions {
		for j := range hc.h.Questions[i].Answers {
			a := &hc.h.Questions[i].Answers[j]
			switch {
			case a.Next == "" && a.Outcome == "":
				hc.on(a, "answer %q leads nowhere; give next or outcome", a.ID)
			case a.Next != "" && a.Outcome != "":
				hc.on(a, "answer %q leads to a question and to an outcome; keep one", a.ID)
			case a.Next != "" && questions[a.Next] == nil:
				hc.on(&a.Next, "next names %q, which is no question of this helper", short(a.Next))
			case a.Outcome != "" && !outcomes[a.Outcome]:
				hc.on(&a.Outcome, "outcome names %q, which is no outcome of this helper", short(a.Outcome))
			}
			used[a.Outcome] = true
		}
	}
	return used
}

func (hc *helperCheck) paths(questions map[string]*Question) {
	reached := map[string]bool{}
	for todo := []string{hc.h.Start}; len(todo) > 0; {
		id := todo[0]
		todo = todo[1:]
		q := questions[id]
		if q == nil || reached[id] {
			continue
		}
		reached[id] = true
		for _, a := range q.Answers {
			todo = append(todo, a.Next)
		}
	}
	exits := hc.exits()
	for i := range hc.h.Questions {
		q := &hc.h.Questions[i]
		if !reached[q.ID] {
			hc.on(&q.ID, "no path leads to question %q; let an answer point to it, or remove it", q.ID)
		}
		if !exits[q.ID] {
			hc.on(&q.ID, "question %q has no way out; let an answer end in an outcome", q.ID)
		}
	}
	hc.circles(questions)
}

// exits finds the questions from which an outcome can be reached.
func (hc *helperCheck) exits() map[string]bool {
	exits := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for i := range hc.h.Questions {
			q := &hc.h.Questions[i]
			for _, a := range q.Answers {
				if !exits[q.ID] && (a.Outcome != "" || exits[a.Next]) {
					exits[q.ID] = true
					changed = true
				}
			}
		}
	}
	return exits
}

// circles reports answers that lead back to a question on the same path: a
// reader would be asked the same again.
func (hc *helperCheck) circles(questions map[string]*Question) {
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(q *Question)
	visit = func(q *Question) {
		state[q.ID] = open
		for j := range q.Answers {
			a := &q.Answers[j]
			switch next := questions[a.Next]; {
			case next == nil || state[a.Next] == done:
			case state[a.Next] == open:
				hc.on(&a.Next, "answer %q leads back to question %q; a helper never asks the same twice", a.ID, a.Next)
			default:
				visit(next)
			}
		}
		state[q.ID] = done
	}
	if q := questions[hc.h.Start]; q != nil {
		visit(q)
	}
}
