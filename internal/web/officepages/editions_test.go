package officepages

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/handbook"
)

// newEdition uploads a further edition that drops a card, and returns its id.
func (w *world) newEdition(change map[string][2]string) string {
	w.t.Helper()
	if change == nil {
		change = map[string][2]string{}
	}
	change["handbook.yaml"] = second()
	return idOf(leads(w.t, w.as("communications").send(importPath, packed(w.t, change)), editionsPath+"/"))
}

func (w *world) state(id string) handbook.State {
	w.t.Helper()
	e, err := w.editions.Get(w.t.Context(), id)
	w.must(err)
	return e.State
}

// An edition goes its whole way through the pages, by the hands of those
// whose step it is, on both databases.
func TestTheLifeOfAnEdition(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		comm, dir := w.as("communications"), w.as("director")
		first := must(w.editions.List(t.Context()))[0].ID
		wants(t, comm.get(editionsPath), 200, "Editie 1", "van kracht", "Zet een concept klaar")
		wants(t, comm.get(editionPath(first)), 200, "Dit is de eerste editie", "Verbeter een taalfout")

		id := w.newEdition(map[string][2]string{"references.yaml": {"nl: Gedragscode van SGL", "nl: De gedragscode van SGL"}})
		path := editionPath(id)
		wants(t, comm.get(path+"?klaar=nieuw"), 200, "Het concept staat klaar", "Veranderd: document", "Start het overleg")
		wants(t, dir.get(path), 200, "concept")
		wants(t, comm.get(path+"/advies"), 409)

		body := wants(t, comm.get(path+"/overleg"), 200, "Ondernemingsraad", "Cliëntenraad")
		if strings.Count(between(body, "<main", "</main>"), "checked") != 2 {
			t.Error("the councils whose advice the text needs are not chosen")
		}
		wants(t, comm.post(path+"/overleg"), 422, "Kies wie advies geeft")
		leads(t, comm.post(path+"/overleg", "bodies", "works_council", "bodies", "privacy_officer"), path)

		wants(t, comm.get(path), 200, "We wachten nog op advies van", "Stuur terug met opmerkingen")
		wants(t, dir.get(path+"/vaststellen"), 200, "Er mist nog advies", "ondernemingsraad")
		wants(t, dir.post(path+"/vaststellen"), 409, "Er is nog geen advies van de")

		wants(t, comm.post(path+"/terug", "comment", " "), 422, "Schrijf kort waarom")
		leads(t, comm.post(path+"/terug", "comment", "De tekst over foto's kan korter."), path)
		wants(t, comm.get(path), 200, "De tekst over foto&#39;s kan korter.", "Loes Wijnen")
		leads(t, comm.post(path+"/overleg", "bodies", "works_council"), path)

		wants(t, comm.get(path+"/advies"), 200, `value="2026-11-24"`)
		wants(t, comm.post(path+"/advies", "body", "works_council", "on", "2026-11-20"), 422, "Kies wat het advies was")
		wants(t, comm.post(path+"/advies", "body", "works_council", "outcome", "positive", "on", "2027-01-01", "note", "Goede tekst."), 422, "die al geweest is", "Goede tekst.", `value="2027-01-01"`)
		wants(t, comm.post(path+"/advies", "body", "works_council", "outcome", "positive", "on", "morgen"), 422, "Vul een datum in")
		wants(t, comm.post(path+"/advies", "body", "client_council", "outcome", "positive", "on", "2026-11-20"), 422, "niet gevraagd")
		leads(t, comm.post(path+"/advies", "body", "works_council", "outcome", "negative", "on", "2026-11-20", "note", "Te streng."), path)
		wants(t, comm.get(path), 200, "Te streng.", "Oneens met de tekst")

		wants(t, dir.get(path+"/vaststellen"), 200, "Te streng.", "Stel de tekst vast")
		leads(t, dir.post(path+"/vaststellen"), path)
		adopted := w.now
		w.now = w.now.Add(3 * time.Hour)

		wants(t, comm.get(path+"/van-kracht"), 200, "Vanaf welke dag geldt de tekst?")
		wants(t, comm.post(path+"/van-kracht", "valid_from", "2027-01-01", "valid_time", "10:00", "material", "ja"), 422, "Kies een moment tussen", `value="2027-01-01"`, `value="10:00"`)
		wants(t, comm.post(path+"/van-kracht", "valid_from", "gisteren"), 422, "Vul een datum in", `value="gisteren"`)
		wants(t, comm.post(path+"/van-kracht", "valid_from", "2026-11-24", "valid_time", "half elf"), 422, "Kies een tijd", `value="half elf"`)
		wants(t, comm.post(path+"/van-kracht", "valid_from", "2026-11-24"), 422, "Kies een moment tussen")
		// 11.30 in Amsterdam, an hour and a half after the adoption.
		leads(t, comm.post(path+"/van-kracht", "valid_from", "2026-11-24", "valid_time", "11:30", "material", "ja"), path)
		e := must(w.editions.Get(t.Context(), id))
		if e.State != handbook.InForce || !e.ValidFrom.Equal(adopted.Add(90*time.Minute)) || !e.Material {
			t.Errorf("in force: %+v", e)
		}
		if w.state(first) != handbook.Superseded {
			t.Error("the edition before is not superseded")
		}

		wants(t, dir.post(path+"/intrekken", "reason", ""), 422, "Schrijf kort waarom")
		leads(t, dir.post(path+"/intrekken", "reason", "Er staat een fout in."), path)
		wants(t, dir.get(path), 200, "ingetrokken", "Er staat een fout in.")
		wants(t, comm.get(tablesPath), 409, "Er is nu geen handboek van kracht")
		wants(t, comm.get(linksPath), 409)
		wants(t, w.as("director").get(readsPath), 200, "Er is nu geen handboek van kracht")
		wants(t, w.as("administrator").get(peoplePath), 200, "Bram Smeets")
		wants(t, comm.get(path+"/bestanden"), 200)
	})
}

func TestACorrectionChangesWordsOnly(t *testing.T) {
	w := quick(t)
	comm := w.as("communications")
	id := must(w.editions.List(t.Context()))[0].ID
	path := editionPath(id) + "/verbeteren"
	words := packed(t, map[string][2]string{"references.yaml": {"nl: Gedragscode van SGL", "nl: De gedragscode van SGL"}})
	more := packed(t, map[string][2]string{"cards.yaml": {"kind: dont", "kind: do"}})
	wants(t, comm.get(path), 200, "Wat verbeter je?")
	wants(t, comm.send(path, words, "reason", " "), 422, "Schrijf kort waarom")
	wants(t, comm.send(path, more, "reason", "Een tikfout"), 422, "Dit is meer dan een taalfout", `value="Een tikfout"`)
	wants(t, comm.send(path, packed(t, map[string][2]string{"handbook.yaml": second()}), "reason", "x"), 422, "Dit is meer dan een taalfout")
	wants(t, comm.send(path, []byte("geen zip"), "reason", "Een tikfout"), 422, "geen zip-bestand", `value="Een tikfout"`)
	leads(t, comm.send(path, words, "reason", "Een tikfout"), editionPath(id))
	wants(t, comm.get(editionPath(id)), 200, "Verbeterde taalfouten", "Een tikfout", "Loes Wijnen")
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	w := quick(t)
	comm := w.as("communications")
	for _, tt := range []struct {
		name  string
		file  []byte
		words []string
	}{
		{"the number of the edition in force", packed(t, nil), []string{"Editie 1 bestaat al"}},
		{"an unknown key", packed(t, map[string][2]string{"references.yaml": {"title:", "titel:"}}), []string{"references.yaml", "unknown key", "Dit klopt nog niet", `lang="en"`}},
		{"a broken line", packed(t, map[string][2]string{"handbook.yaml": {"edition:", "edition: ["}}), []string{"handbook.yaml"}},
		{"no zip", []byte("hallo"), []string{"geen zip-bestand"}},
		{"nothing", nil, []string{"Kies een zip-bestand"}},
		{"too large", bytes.Repeat([]byte("x"), maxPacked+1), []string{"groter dan 5 MB"}},
		{"an empty zip", must(pack(nil)), []string{"zit geen handboek"}},
		{"another folder", must(pack(map[string][]byte{"a/b.txt": nil})), []string{"zit geen handboek"}},
		{"one file", must(pack(map[string][]byte{"handbook.yaml": []byte("id: x")})), []string{"items.yaml", "the file is missing"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wants(t, comm.send(importPath, tt.file), 422, append(tt.words, "Zet het concept klaar")...)
		})
	}
	if n := len(must(w.editions.List(t.Context()))); n != 1 {
		t.Errorf("%d editions", n)
	}
	// A form that is no upload, and one without an end.
	wants(t, comm.post(importPath, "file", "x"), 422)
}

func TestADownloadCanBeUploadedAgain(t *testing.T) {
	w := quick(t)
	e := must(w.editions.List(t.Context()))[0]
	rec := w.as("privacy_officer").get(editionPath(e.ID) + "/bestanden")
	wants(t, rec, 200)
	if rec.Header().Get("Content-Type") != "application/zip" || !strings.Contains(rec.Header().Get("Content-Disposition"), "handboek-editie-1.zip") {
		t.Errorf("headers %v", rec.Header())
	}
	content, err := load(rec.Body.Bytes())
	w.must(err)
	if hash := must(handbook.Hash(content)); hash != e.Hash {
		t.Errorf("hash %s, want %s", hash, e.Hash)
	}
}

// entry is one entry of a hostile zip.
type entry struct {
	name string
	mode uint32
	body []byte
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.ExternalAttrs = e.mode << 16
			h.CreatorVersion = 3 << 8 // Unix
		}
		f, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestUnpackRefusesWhatIsNoFolder(t *testing.T) {
	many := make([]entry, maxEntries+1)
	for i := range many {
		many[i].name = fmt.Sprintf("a/%d.txt", i)
	}
	bomb := zipOf(t, entry{name: "bomb.yaml", body: bytes.Repeat([]byte{'a'}, maxUnpacked+1)})
	if len(bomb) > maxPacked {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	half := bytes.Repeat([]byte{'a'}, maxUnpacked/2+1)
	for name, tt := range map[string]struct {
		file []byte
		key  string
	}{
		"up":            {zipOf(t, entry{name: "../x.yaml"}), "office.file-path"},
		"up inside":     {zipOf(t, entry{name: "a/../../x.yaml"}), "office.file-path"},
		"absolute":      {zipOf(t, entry{name: "/etc/x.yaml"}), "office.file-path"},
		"drive":         {zipOf(t, entry{name: "C:/x.yaml"}), "office.file-path"},
		"backslash":     {zipOf(t, entry{name: `..\x.yaml`}), "office.file-path"},
		"link":          {zipOf(t, entry{name: "x.yaml", mode: 0o120777, body: []byte("/etc/passwd")}), "office.file-path"},
		"device":        {zipOf(t, entry{name: "x.yaml", mode: 0o020666}), "office.file-path"},
		"twice":         {zipOf(t, entry{name: "x.yaml"}, entry{name: "x.yaml"}), "office.file-path"},
		"long name":     {zipOf(t, entry{name: strings.Repeat("a", 400) + ".yaml"}), "office.file-path"},
		"many":          {zipOf(t, many...), "office.file-many"},
		"bomb":          {bomb, "office.file-unpacked"},
		"bomb in parts": {zipOf(t, entry{name: "a.yaml", body: half}, entry{name: "b.yaml", body: half}), "office.file-unpacked"},
		"cut off":       {packed(t, nil)[:2000], "office.file-not-zip"},
		"only a folder": {zipOf(t, entry{name: "a/"}), "office.file-empty"},
		"hidden files":  {zipOf(t, entry{name: "__MACOSX/x.yaml"}, entry{name: "a/._x.yaml"}), "office.file-empty"},
	} {
		if _, err := unpack(tt.file); err == nil || !strings.Contains(err.Error(), tt.key) {
			t.Errorf("%s: %v, want %s", name, err, tt.key)
		}
	}
}

// What a zip says about the size of its entries is not believed.
func TestUnpackDoesNotBelieveSizes(t *testing.T) {
	bomb := zipOf(t, entry{name: "x.yaml", body: bytes.Repeat([]byte{'a'}, maxUnpacked+1)})
	z := must(zip.NewReader(bytes.NewReader(bomb), int64(len(bomb))))
	var lying bytes.Buffer
	out := zip.NewWriter(&lying)
	h := z.File[0].FileHeader
	h.UncompressedSize64 = 10
	raw := must(z.File[0].OpenRaw())
	f := must(out.CreateRaw(&h))
	_ = must(bytes.NewBuffer(nil).ReadFrom(raw))
	if _, err := f.Write(bomb[30+len("x.yaml"):][:h.CompressedSize64]); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(lying.Bytes()); err == nil {
		t.Error("a lying zip was unpacked")
	}
}

// FuzzUnpack holds that no upload makes the reader panic, keeps a name that
// leads out of the folder, or grows beyond its bound; and that the loader
// takes whatever comes out.
func FuzzUnpack(f *testing.F) {
	f.Add(must(pack(map[string][]byte{"handbook.yaml": []byte("id: x"), "projection/contacts.yaml": []byte("as_of: 1")})))
	f.Add(zipOf(f, entry{name: "a/b.yaml", body: []byte("x")}, entry{name: "a/b.yaml/c.yaml", body: []byte("y")}))
	f.Add(zipOf(f, entry{name: "../x.yaml"}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		files, err := unpack(b)
		if err != nil {
			return
		}
		total := 0
		for name, body := range files {
			total += len(body)
			if strings.Contains(name, "..") && strings.Contains("/"+name+"/", "/../") || strings.HasPrefix(name, "/") {
				t.Errorf("name %q", name)
			}
		}
		if total > maxUnpacked {
			t.Errorf("%d bytes", total)
		}
		if total < 1<<16 {
			_, _ = load(b)
		}
	})
}
