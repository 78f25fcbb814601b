package main

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func TestExpandTokens(t *testing.T) {
	got, err := expandTokens(":root {\n  --bg: light-dark(#FFFFFF, #000000);\n  --gap: 1rem;\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "light-dark") || strings.Count(got, "--bg:#000000;") != 2 || strings.Count(got, "--bg:#FFFFFF;") != 1 || !strings.Contains(got, "--gap: 1rem;") {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{":root { --gap: 1rem; }", ":root {\n  --bg: light-dark(white, #000000);\n}"} {
		if _, err := expandTokens(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestIconListIsInOrderWithoutDoubles(t *testing.T) {
	names := iconNames()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("icons.txt is not in alphabetical order, or names an icon twice")
	}
}

func TestApplicationIcons(t *testing.T) {
	icons, err := appIcons()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(icons["icon-192.png"]))
	if err != nil || img.Bounds().Dx() != 192 {
		t.Fatalf("icon-192.png: %v, %v", img, err)
	}
	corner, middle := img.At(2, 2), img.At(80, 80)
	if corner == middle {
		t.Error("the mark is not drawn on its ground")
	}
}

func TestOutputNamesFilesByTheirContent(t *testing.T) {
	a, b := newOutput(), newOutput()
	a.add("icon.svg", []byte("one"))
	b.add("icon.svg", []byte("two"))
	if a.names["icon.svg"] == b.names["icon.svg"] || len(a.files) != 2 {
		t.Errorf("got %v and %v", a.names, b.names)
	}
}
