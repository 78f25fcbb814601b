package handbook_test

import (
	"testing"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b, sgl(b))
	}
}

func BenchmarkDecode(b *testing.B) {
	c, _ := load(b, sgl(b))
	raw, err := handbook.Canonical(c)
	must(b, err)
	for b.Loop() {
		if _, err := handbook.Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	c, p := load(b, sgl(b))
	for b.Loop() {
		if _, err := handbook.Compile(c, p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	x, err := handbook.Compile(load(b, sgl(b)))
	must(b, err)
	for b.Loop() {
		x.Search("mag ik een foto van een client delen", i18n.NL, "")
	}
}
