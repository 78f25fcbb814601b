package handbook

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

// Export writes a content and its projections as the files that Load reads,
// through write: name is a slash-separated path. Loading them again gives the
// same hash. Comments and layout of the files they came from are not kept.
func Export(c *Content, p *Projection, write func(name string, data []byte) error) error {
	type file struct {
		name  string
		value any
	}
	files := []file{
		{bookFile, c.Book}, {itemsFile, itemsDoc{c.PolicyItems}}, {cardsFile, c.Cards}, {checklistsFile, checklistsDoc{c.Checklists}},
		{platformsFile, platformsDoc{c.Platforms}}, {referencesFile, referencesDoc{c.References}}, {openEndsFile, openEndsDoc{c.OpenEnds}},
		{contactsFile, p.Contacts}, {locationsFile, p.Locations}, {channelsFile, p.Channels}, {officersFile, p.Officers},
	}
	for _, ch := range c.Chapters {
		files = append(files, file{fmt.Sprintf("%s/%d-%s.yaml", chaptersDir, ch.Number, ch.ID), ch})
	}
	// The number in front keeps the order, which is the order of file names.
	for i, g := range c.Guides {
		files = append(files, file{fmt.Sprintf("%s/%02d-%s.yaml", guidesDir, i+1, g.ID), g})
	}
	for i, h := range c.Helpers {
		files = append(files, file{fmt.Sprintf("%s/%02d-%s.yaml", helpersDir, i+1, h.ID), h})
	}
	for _, f := range files {
		data, err := yaml.MarshalWithOptions(f.value, yaml.OmitEmpty(), yaml.Indent(2), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
		if err != nil {
			return fmt.Errorf("export %s: %w", f.name, err)
		}
		if err := write(f.name, data); err != nil {
			return fmt.Errorf("export %s: %w", f.name, err)
		}
	}
	return nil
}
