package main

import (
	"fmt"
	"regexp"
	"strings"
)

// pair is one line of the token table: --name: light-dark(LIGHT, DARK);
var pair = regexp.MustCompile(`(?m)^\s*(--[a-z0-9-]+):\s*light-dark\(\s*(#[0-9A-Fa-f]{6}),\s*(#[0-9A-Fa-f]{6})\s*\);\s*$`)

// expandTokens replaces every light-dark(LIGHT, DARK) pair by its light value
// and appends the dark values twice: for readers whose device is dark, and for
// readers who chose the dark screen themselves.
func expandTokens(css string) (string, error) {
	var dark strings.Builder
	light := pair.ReplaceAllStringFunc(css, func(line string) string {
		m := pair.FindStringSubmatch(line)
		fmt.Fprintf(&dark, "%s:%s;", m[1], m[3])
		return fmt.Sprintf("%s:%s;", m[1], m[2])
	})
	if strings.Contains(light, "light-dark(") {
		return "", fmt.Errorf("a light-dark() pair is not of the form --name: light-dark(#RRGGBB, #RRGGBB); on a line of its own")
	}
	if dark.Len() == 0 {
		return "", fmt.Errorf("no light-dark() pair found")
	}
	return light + "@media screen and (prefers-color-scheme: dark){:root:not([data-theme=light]){color-scheme:dark;" + dark.String() + "}}\n" +
		"@media screen{:root[data-theme=dark]{color-scheme:dark;" + dark.String() + "}}\n", nil
}
