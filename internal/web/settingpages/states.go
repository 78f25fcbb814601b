package settingpages

import "ambassadeur/internal/web/kit"

// States lists every state of these pages.
func States() []kit.State {
	return []kit.State{
		{Name: "screen", Component: screenPage("/")},
		{Name: "screen-chosen", Component: screenPage("/"), Display: kit.Display{Size: "groot", Calm: true, Theme: "dark"}},
		{Name: "who", Component: whoPage("/")},
		{Name: "who-chosen", Component: whoPage("/"), Display: kit.Display{Audience: "volunteer", Asked: true}},
	}
}
