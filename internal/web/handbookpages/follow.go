package handbookpages

import (
	"net/http"

	"ambassadeur/internal/handbook"
)

// follow shows the official channels. It is public: nobody has to sign in to
// follow us.
func (p *pages) follow(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, followPage)
}

// channels are the official channels of a kind.
func (r reading) channels(kind string) []handbook.Channel {
	var out []handbook.Channel
	for _, c := range r.Index.Projection().Channels.Channels {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// platform is the network of a channel, guide or checklist. The loader
// refuses unknown ones, so the fallback is only for a platform without a page.
func (r reading) platform(id string) handbook.Platform {
	if p, ok := r.Index.Platform(id); ok {
		return *p
	}
	return handbook.Platform{ID: id, Name: handbook.Text{NL: id, EN: id}, Picture: "globe"}
}

// place says where a location page belongs: the location and its region.
func (r reading) place(id string) string {
	locations := r.Index.Projection().Locations
	for _, l := range locations.Locations {
		if l.ID != id {
			continue
		}
		for _, region := range locations.Regions {
			if region.ID == l.Region {
				return l.Name + ", " + r.say(region.Name)
			}
		}
		return l.Name
	}
	return ""
}
