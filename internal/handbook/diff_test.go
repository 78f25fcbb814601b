package handbook_test

import (
	"testing"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		file, old, new string
		wantNL, wantEN []string
		audience       []handbook.Audience
		material       bool
	}{
		"nothing": {"cards.yaml", "status: proposal", "status:   proposal", nil, nil, nil, false},
		"a text": {"chapters/1-start.yaml", "Jouw verhaal telt.", "Jouw verhaal telt mee.",
			[]string{"Veranderd: onderwerp ‘Deel je verhaal’. Dit is anders: de tekst."},
			[]string{"Changed: topic ‘Share your story’. This is different: the text."}, handbook.Audiences(), false},
		"the text of a rule": {"chapters/1-start.yaml", "**nooit**", "liever niet",
			[]string{"Veranderd: onderwerp ‘Praat niet over cliënten’. Dit is anders: de tekst."}, nil, []handbook.Audience{handbook.Staff}, true},
		"a strength": {"chapters/1-start.yaml", "strength: not_allowed", "strength: discouraged",
			[]string{"‘Praat niet over cliënten’ was: mag niet. Nu is het: raden we af."}, nil, []handbook.Audience{handbook.Staff}, true},
		"a removal": {"open-ends.yaml", "id: tijden", "id: andere-tijden",
			[]string{"Nieuw: open einde ‘Openingstijden’.", "Weg: open einde ‘Openingstijden’."}, nil, handbook.Audiences(), false},
		"a helper": {"helpers/mag-dit.yaml", "Heb je het gevraagd?", "Heb je het al gevraagd?",
			[]string{"Veranderd: keuzehulp ‘Mag dit online?’. Dit is anders: de vragen."}, nil, handbook.Audiences(), false},
		"adopted cards": {"cards.yaml", "status: proposal", "status: adopted",
			[]string{"De lijst met kaarten is vastgesteld."}, nil, handbook.Audiences(), true},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := load(t, small(t))
			files := small(t)
			edit(t, files, c.file, c.old, c.new)
			after, _ := load(t, files)
			changes := handbook.Diff(before, after)
			var nl, en []string
			for _, ch := range changes {
				nl = append(nl, ch.Words(i18n.For(i18n.NL)))
				en = append(en, ch.Words(i18n.For(i18n.EN)))
				if !sameSet(strs(ch.Audience), strs(c.audience)) {
					t.Errorf("audience = %v, want %v", ch.Audience, c.audience)
				}
				if ch.Material() != c.material {
					t.Errorf("material = %v", ch.Material())
				}
			}
			if !equal(nl, c.wantNL) || (c.wantEN != nil && !equal(en, c.wantEN)) {
				t.Errorf("changes = %q, %q", nl, en)
			}
		})
	}
}

func strs(as []handbook.Audience) []string {
	var out []string
	for _, a := range as {
		out = append(out, string(a))
	}
	return out
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestDiffProjection(t *testing.T) {
	_, before := load(t, small(t))
	files := small(t)
	edit(t, files, "projection/functions.yaml", "status: provisional, footnote", "status: active, footnote")
	edit(t, files, "projection/channels.yaml", "id: plein", "id: plein-twee")
	_, after := load(t, files)
	var got []string
	for _, ch := range handbook.DiffProjection(before, after) {
		got = append(got, ch.Words(i18n.For(i18n.NL)))
	}
	want := []string{"Veranderd: functie ‘Directie’. Dit is anders: wie wat mag.", "Nieuw: account ‘DeProef’.", "Weg: account ‘DeProef’."}
	if !equal(got, want) {
		t.Errorf("changes = %q", got)
	}
}

func TestDiffFromNothing(t *testing.T) {
	c, _ := load(t, small(t))
	for _, ch := range handbook.Diff(nil, c) {
		if ch.What != handbook.Added || ch.Words(i18n.For(i18n.EN)) == "" {
			t.Errorf("change = %+v", ch)
		}
	}
}
