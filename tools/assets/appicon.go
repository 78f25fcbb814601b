package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The mark of the product is drawn on a square of 48 by 48 units: two speech
// bubbles, one in front of the other. layout.mark draws the same in SVG.

type point struct{ x, y float64 }

// bubble is a circle with a tail (a triangle that starts inside the circle).
type bubble struct {
	centre point
	radius float64
	tail   [3]point
}

// distance is below zero inside the bubble and grows with the way out of it.
func (b bubble) distance(p point) float64 {
	circle := math.Hypot(p.x-b.centre.x, p.y-b.centre.y) - b.radius
	return math.Min(circle, triangleDistance(p, b.tail))
}

// triangleDistance is the signed distance to a triangle with corners in
// clockwise order on a plane whose y grows downwards.
func triangleDistance(p point, t [3]point) float64 {
	inside, nearest := true, math.Inf(1)
	for i := range t {
		a, b := t[i], t[(i+1)%3]
		ex, ey, wx, wy := b.x-a.x, b.y-a.y, p.x-a.x, p.y-a.y
		along := math.Max(0, math.Min(1, (wx*ex+wy*ey)/(ex*ex+ey*ey)))
		nearest = math.Min(nearest, math.Hypot(wx-ex*along, wy-ey*along))
		inside = inside && ex*wy-ey*wx >= 0
	}
	if inside {
		return -nearest
	}
	return nearest
}

// appIcons returns the pictures of the web manifest and of the home screen.
func appIcons() (map[string][]byte, error) {
	icons := map[string][]byte{"icon.svg": []byte(appIconSVG)}
	for name, spec := range map[string]struct {
		size  int
		scale float64 // part of the square that the mark fills
	}{
		"icon-180.png":          {180, .72},
		"icon-192.png":          {192, .72},
		"icon-512.png":          {512, .72},
		"icon-maskable-512.png": {512, .56},
	} {
		var buf bytes.Buffer
		if err := png.Encode(&buf, drawIcon(spec.size, spec.scale)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		icons[name] = buf.Bytes()
	}
	return icons, nil
}

const appIconSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 66 66"><rect width="66" height="66" rx="14" fill="#4A2359"/><g transform="translate(9 9)"><path d="M7 27 5 41l15-7.200Z" fill="#FFD9B0"/><circle cx="19.500" cy="20" r="15.500" fill="#FFD9B0"/><g fill="#E5CBF0" stroke="#4A2359" stroke-width="5" stroke-linejoin="round" paint-order="stroke"><path d="M42.500 32 45 44l-12-4.500Z"/><circle cx="33.500" cy="30.500" r="10"/></g><path d="M42.500 32 45 44l-12-4.500Z" fill="#E5CBF0"/></g></svg>`

// drawIcon paints the mark on aubergine, with 16 samples a pixel.
func drawIcon(size int, scale float64) image.Image {
	var (
		band    = color.RGBA{0x4A, 0x23, 0x59, 0xFF}
		apricot = color.RGBA{0xFF, 0xD9, 0xB0, 0xFF}
		lilac   = color.RGBA{0xE5, 0xCB, 0xF0, 0xFF}
		back    = bubble{point{19.5, 20}, 15.5, [3]point{{7, 27}, {20, 33.8}, {5, 41}}}
		front   = bubble{point{33.5, 30.5}, 10, [3]point{{42.5, 32}, {45, 44}, {33, 39.5}}}
	)
	at := func(p point) color.RGBA {
		switch {
		case front.distance(p) <= 0:
			return lilac
		case front.distance(p) <= 2.5:
			return band
		case back.distance(p) <= 0:
			return apricot
		}
		return band
	}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	unit := 48 / (scale * float64(size))
	margin := 24 - 24/scale
	for y := range size {
		for x := range size {
			var r, g, b int
			for s := range 16 {
				c := at(point{
					margin + (float64(x)+(float64(s%4)+.5)/4)*unit,
					margin + (float64(y)+(float64(s/4)+.5)/4)*unit,
				})
				r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
			}
			img.SetRGBA(x, y, color.RGBA{uint8(r / 16), uint8(g / 16), uint8(b / 16), 0xFF})
		}
	}
	return img
}
