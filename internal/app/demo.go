package app

import (
	"context"
	"errors"
	"fmt"

	"ambassadeur/handbooks"
)

// DemoLink signs one demonstration person in.
type DemoLink struct{ Name, Description, URL string }

// Demonstrate fills the database with invented people and returns a sign-in
// link for each. It refuses when the product was not opened for a
// demonstration.
func (a *App) Demonstrate(ctx context.Context) ([]DemoLink, error) {
	if !a.Config.Demo {
		return nil, errors.New("this is not a demonstration; use: ambassadeur demo")
	}
	file, err := handbooks.FS.ReadFile("demo/people.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the demonstration persons: %w", err)
	}
	persons, err := a.People.SeedDemo(ctx, file)
	if err != nil {
		return nil, err
	}
	var links []DemoLink
	for _, p := range persons {
		link, err := a.People.SignInLink(ctx, p.ID)
		if err != nil {
			return nil, fmt.Errorf("make a sign-in link: %w", err)
		}
		links = append(links, DemoLink{Name: p.Name, Description: p.ID, URL: link})
	}
	return links, nil
}
