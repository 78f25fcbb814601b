package layout

import (
	"encoding/json"
	"net/http"

	"ambassadeur/internal/web/kit"
)

// Manifest answers with the web manifest: the name and pictures with which a
// phone puts the product on its home screen.
func Manifest(w http.ResponseWriter, r *http.Request) error {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	ctx := r.Context()
	site := kit.SiteOf(ctx)
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "private, no-cache")
	return json.NewEncoder(w).Encode(struct {
		Name        string `json:"name"`
		ShortName   string `json:"short_name"`
		Description string `json:"description"`
		Lang        string `json:"lang"`
		ID          string `json:"id"`
		StartURL    string `json:"start_url"`
		Scope       string `json:"scope"`
		Display     string `json:"display"`
		Background  string `json:"background_color"`
		Theme       string `json:"theme_color"`
		Icons       []icon `json:"icons"`
	}{
		Name: site.Name, ShortName: site.Name, Description: kit.T(ctx, "layout.description", "Organisation", site.Organisation),
		Lang: string(kit.Lang(ctx)), ID: StartPath, StartURL: StartPath, Scope: StartPath, Display: "standalone",
		Background: "#F7F3EE", Theme: "#4A2359",
		Icons: []icon{
			{Src: kit.Asset(ctx, "icon.svg"), Sizes: "any", Type: "image/svg+xml"},
			{Src: kit.Asset(ctx, "icon-192.png"), Sizes: "192x192", Type: "image/png"},
			{Src: kit.Asset(ctx, "icon-512.png"), Sizes: "512x512", Type: "image/png"},
			{Src: kit.Asset(ctx, "icon-maskable-512.png"), Sizes: "512x512", Type: "image/png", Purpose: "maskable"},
		},
	})
}
