package handbook_test

import (
	"io/fs"
	"testing"
	"time"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
)

func TestTry(t *testing.T) {
	sub, _ := fs.Sub(handbooks.FS, "sgl")
	t0 := time.Now()
	c, p, err := handbook.Load(sub)
	t.Log(time.Since(t0))
	if err != nil {
		t.Fatal("\n" + err.Error())
	}
	b, _ := handbook.Canonical(c)
	t0 = time.Now()
	c2, err := handbook.Decode(b)
	t.Log("decode", time.Since(t0), len(b), err)
	t0 = time.Now()
	x, err := handbook.Compile(c2, p)
	t.Log("compile", time.Since(t0), err)
	t.Log(x.Missing(), len(x.Pieces()))
	for _, q := range []string{"foto", "vrienden", "groep", "whatsapp", "twijf", "klagen", "cliëntengroep", "geheim"} {
		t0 = time.Now()
		r := x.Search(q, "nl", "")
		t.Log(q, len(r), time.Since(t0))
		for i, one := range r {
			if i < 3 {
				t.Log("   ", one.Piece.Link, one.Title, one.Snippet)
			}
		}
	}
}
