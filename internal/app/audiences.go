package app

import (
	"context"

	"ambassadeur/internal/db"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/people"
)

// audiencesOf says which audiences a person is in, for who may be reminded.
func (a *App) audiencesOf(ctx context.Context, _ db.Queryer, personID string) ([]handbook.Audience, error) {
	p, err := a.People.Get(ctx, personID)
	if err != nil {
		return nil, err
	}
	return audiences(p), nil
}

func audiences(p people.Person) []handbook.Audience {
	var out []handbook.Audience
	for _, x := range p.Audiences {
		out = append(out, handbook.Audience(x))
	}
	return out
}
