package browser

import (
	"context"
	"log/slog"
	"mime/quotedprintable"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ambassadeur/internal/app"
	"ambassadeur/internal/config"
)

// installation is the whole product in a demonstration, on a free port.
type installation struct {
	*app.App
	base   string
	outbox string
}

func install(t *testing.T) installation {
	t.Helper()
	needAssets(t)
	srv := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(srv.Listener.Addr().String(), ":")
	base := "http://localhost:" + port
	folder := t.TempDir()
	cfg, err := config.Load("", []string{"AMBASSADEUR_DEMO=true", "AMBASSADEUR_DATA=" + folder, "AMBASSADEUR_BASE_URL=" + base})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Demonstrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = a.Handler
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		_ = a.Queue.Stop(t.Context())
		_ = a.Close()
	})
	return installation{a, base, filepath.Join(folder, "outbox")}
}

// walker is a person at a device: presses what is on the page and reads it.
type walker struct {
	*Tab
	t       *testing.T
	scripts bool
}

// patience bounds one step of a journey.
const patience = 20 * time.Second

// step does something at the device, and says where the device is when it
// does not come to an end.
func (w walker) step(what string, action chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.Ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, action); err != nil {
		w.Shot(w.t, "stuck")
		w.t.Fatalf("%s: %v; the page is %q", what, err, Eval[string](w.t, w.Tab, `document.title + " " + location.pathname`))
	}
}

// press presses the button or link in the page with these words.
func (w walker) press(words string) {
	w.t.Helper()
	w.step("press "+words, chromedp.Click(`//main//*[(self::a or self::button) and contains(normalize-space(.), "`+words+`")]`, chromedp.NodeVisible))
}

// choose marks the answer with these words.
func (w walker) choose(words string) {
	w.t.Helper()
	w.step("choose "+words, chromedp.Click(`//main//label[contains(normalize-space(.), "`+words+`")]`, chromedp.NodeVisible))
}

// reads waits until the page's heading holds these words. With scripts it also
// checks the page as the gallery is checked.
func (w walker) reads(words string) {
	w.t.Helper()
	w.step("read "+words, chromedp.WaitVisible(`//h1[contains(normalize-space(.), "`+words+`")]`))
	if w.scripts {
		for _, f := range w.Check(w.t) {
			w.t.Errorf("%s: %s", words, f)
		}
	}
}

// sees waits until the page holds these words.
func (w walker) sees(words string) {
	w.t.Helper()
	w.step("see "+words, chromedp.WaitVisible(`//main//*[contains(normalize-space(text()), "`+words+`")]`))
}

// eachWay runs a journey with and without scripts, on a phone.
func eachWay(t *testing.T, run func(t *testing.T, p installation, device func() walker)) {
	p := install(t)
	b := chromium(t)
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			run(t, p, func() walker {
				tab := b.Tab(t)
				tab.Scripts(t, scripts)
				tab.Language(t, "nl")
				return walker{tab, t, scripts}
			})
		})
	}
}

func TestFirstVisit(t *testing.T) {
	eachWay(t, func(t *testing.T, p installation, device func() walker) {
		w := device()
		w.Open(t, p.base+"/", 390)
		w.reads("Welkom, ambassadeur")
		w.press("Ik ben vrijwilliger")
		w.reads("Waar wil je beginnen?")
		w.press("Ik kijk eerst rond")
		w.reads("Wat wil je doen?")
		w.press("Lees het handboek")
		w.reads("Handboek")
	})
}

func TestDecisionHelper(t *testing.T) {
	eachWay(t, func(t *testing.T, p installation, device func() walker) {
		w := device()
		w.Open(t, p.base+"/keuzehulp/whatsapp", 390)
		questions := 0
		for ; questions < 8 && Eval[bool](t, w.Tab, `!!document.querySelector('main input[name=answer]')`); questions++ {
			before := Eval[string](t, w.Tab, `document.title`)
			w.step("answer", chromedp.Click(chromedp.CSS("main .option"), chromedp.NodeVisible))
			w.press("Ga verder")
			w.step("next question", chromedp.WaitVisible(`//head[not(title[. = "`+before+`"])]/following::h1`))
		}
		if questions < 2 {
			t.Errorf("%d questions were asked", questions)
		}
		if n := Eval[int](t, w.Tab, `document.querySelectorAll('main a[href^="/handboek/"]').length`); n == 0 {
			t.Error("the outcome does not lead to the handbook")
		}
		if url := Eval[string](t, w.Tab, `location.search + location.hash`); url != "" {
			t.Errorf("the answers are in the address: %s", url)
		}
	})
}

func TestSignInAndRead(t *testing.T) {
	eachWay(t, func(t *testing.T, p installation, device func() walker) {
		link, err := p.People.SignInLink(t.Context(), map[bool]string{true: "ilse-coenen", false: "bram-smeets"}[strings.HasSuffix(t.Name(), "with_scripts")])
		if err != nil {
			t.Fatal(err)
		}
		w := device()
		w.Open(t, link, 390)
		w.reads("Welkom terug")
		w.press("Meld mij hier aan")
		w.reads("wat wil je doen?")
		w.Open(t, p.base+"/handboek/gelezen", 390)
		w.reads("Ik heb het gelezen")
		w.press("Ik heb het gelezen")
		w.sees("Fijn dat je het hebt gelezen")
		w.Open(t, p.base+"/mijn", 390)
		w.reads("Mijn pagina")
		w.press("Meld mij af op dit apparaat")
		w.reads("Je bent afgemeld")
	})
}

// The device that asked for a link is signed in only when the person chooses
// there the picture that the other device shows.
func TestSignInOnTwoDevices(t *testing.T) {
	eachWay(t, func(t *testing.T, p installation, device func() walker) {
		asks, mails := device(), device()
		asks.Open(t, p.base+"/aanmelden", 390)
		asks.do(t, chromedp.SendKeys(chromedp.CSS("#email"), "daan.heuts@example.org"))
		asks.press("Stuur mij een link")
		asks.reads("Kijk in je mail")

		mails.Open(t, p.newestLink(t), 390)
		mails.reads("Welkom terug")
		mails.press("Ik wil op mijn andere apparaat verder")
		mails.reads("Onthoud dit plaatje")
		word := Eval[string](t, mails.Tab, `document.querySelector('main .card strong').innerText`)

		asks.press("Ik heb de link geopend")
		asks.reads("Welk plaatje zie je?")
		asks.choose(word)
		asks.press("Meld mij aan op dit apparaat")
		asks.reads("Dag Daan")

		mails.Open(t, p.base+"/mijn", 390)
		mails.reads("Aanmelden") // the device with the mail is not signed in
	})
}

func TestScreenIsRemembered(t *testing.T) {
	eachWay(t, func(t *testing.T, p installation, device func() walker) {
		w := device()
		w.Open(t, p.base+"/scherm", 390)
		w.choose("Heel groot")
		w.choose("Rustig scherm")
		w.press("Pas mijn scherm aan")
		w.reads("Welkom, ambassadeur")
		if got := Eval[string](t, w.Tab, `document.documentElement.dataset.size + " " + ("calm" in document.documentElement.dataset)`); got != "groter true" {
			t.Errorf("the first paint has %q", got)
		}
	})
}

var mailedLink = regexp.MustCompile(`http://localhost:\d+/aanmelden/link/[\w-]+`)

// newestLink waits for a mail in the outbox, takes it, and returns its link.
func (p installation) newestLink(t *testing.T) string {
	t.Helper()
	for range 150 {
		files, err := filepath.Glob(filepath.Join(p.outbox, "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			b, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(files[0]); err != nil {
				t.Fatal(err)
			}
			return linkIn(t, string(b))
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("no mail came")
	return ""
}

func linkIn(t *testing.T, mail string) string {
	t.Helper()
	plain := new(strings.Builder)
	buf := make([]byte, 4096)
	for r := quotedprintable.NewReader(strings.NewReader(mail)); ; {
		n, err := r.Read(buf)
		plain.Write(buf[:n])
		if err != nil {
			break
		}
	}
	link := mailedLink.FindString(plain.String())
	if link == "" {
		link = mailedLink.FindString(mail)
	}
	if link == "" {
		t.Fatalf("the mail holds no link")
	}
	return link
}
