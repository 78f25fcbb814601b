// Command assets bundles what the browser loads: it reads the style sheets and
// scripts in internal/web/assets, the fonts and icons in node_modules (see
// package.json), and writes
//
//   - internal/web/assets/dist: minified files with a hash in their name, a
//     gzip copy of each text file, and manifest.json with the name of each;
//   - internal/web/ui/icons_gen.go: the drawings of the icons in icons.txt.
//
// Run it from the root of the repository: go run ./tools/assets
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// run bundles everything under root, the folder that holds package.json.
func run(root string) error {
	if _, err := os.Stat(root + "/node_modules"); err != nil {
		return fmt.Errorf("node_modules is missing; run: npm ci --ignore-scripts")
	}
	if err := writeIcons(root); err != nil {
		return fmt.Errorf("icons: %w", err)
	}
	out, err := bundle(root)
	if err != nil {
		return err
	}
	pictures, err := appIcons()
	if err != nil {
		return fmt.Errorf("application icons: %w", err)
	}
	for name, body := range pictures {
		out.add(name, body)
	}
	return out.write(root + "/internal/web/assets/dist")
}
