package browser

import (
	"os"
	"testing"
)

// chromium gives each test the one browser of this package.
var chromium, quit = Start()

func TestMain(m *testing.M) {
	code := m.Run()
	quit()
	os.Exit(code)
}
