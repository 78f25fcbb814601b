package web

import (
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/gallery"
	"ambassadeur/internal/web/handbookpages"
	"ambassadeur/internal/web/homepages"
	"ambassadeur/internal/web/noticepages"
	"ambassadeur/internal/web/officepages"
	"ambassadeur/internal/web/settingpages"
	"ambassadeur/internal/web/signinpages"
)

// Areas gathers the states of every page area, for the gallery and for the
// tests that walk through them. The pages show the handbook that is given.
func Areas(book *handbook.Index) []gallery.Area {
	return []gallery.Area{
		{Name: "homepages", States: homepages.States(book)},
		{Name: "settingpages", States: settingpages.States()},
		{Name: "signinpages", States: signinpages.States()},
		{Name: "noticepages", States: noticepages.States()},
		{Name: "handbookpages", States: handbookpages.States(book)},
		{Name: "officepages", States: officepages.States(book)},
	}
}
