package handbook

// Transition is one line of a state machine: what may happen, to whom it is
// given, what must hold first (Guard) and what follows in the same
// transaction (Effect). Both are named; the services hold the functions.
type Transition struct {
	From, Event, To string
	Who             string
	Guard, Effect   string
}

// Who may cause an event: an office of the organisation, the person it is
// about, or the program itself.
const (
	ByCommunications = "communications"
	ByDirector       = "director"
	ByPerson         = "person"
	BySystem         = "system"
)

// machine is a table of transitions. A pair that is not in it cannot happen.
type machine []Transition

func (m machine) step(from, event string) (Transition, bool) {
	for _, t := range m {
		if t.From == from && t.Event == event {
			return t, true
		}
	}
	return Transition{}, false
}

// Actor is who does something: a person with the offices that they hold now,
// or the program itself.
type Actor struct {
	ID      string
	Offices []string
}

// System returns the actor for what the program does by itself.
func System() Actor { return Actor{ID: BySystem} }

// may says whether the actor is who a transition asks for.
func (a Actor) may(who string) bool {
	if who == BySystem || who == ByPerson {
		return a.ID != "" && (who == ByPerson) == (a.ID != BySystem)
	}
	for _, o := range a.Offices {
		if o == who {
			return true
		}
	}
	return false
}
