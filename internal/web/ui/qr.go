package ui

import (
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// qr is a QR code as one SVG path on a grid of units.
type qr struct{ box, path string }

// encodeQR draws text as a QR code with a quiet zone of two units. A text that
// does not fit gives an empty path.
func encodeQR(text string) qr {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return qr{}
	}
	code.DisableBorder = true
	bits := code.Bitmap()
	var path strings.Builder
	for y, row := range bits {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+2, y+2, x-start, x-start)
			}
		}
	}
	return qr{box: fmt.Sprintf("0 0 %d %d", len(bits)+4, len(bits)+4), path: path.String()}
}
