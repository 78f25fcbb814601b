package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// browsers are the oldest engines the output must run in: phones and tablets
// of about 2022, which clients still use.
var browsers = []api.Engine{
	{Name: api.EngineChrome, Version: "109"},
	{Name: api.EngineFirefox, Version: "115"},
	{Name: api.EngineSafari, Version: "15.4"},
}

// bundle runs esbuild over the style sheet and every script and returns the
// built files with the names under which pages ask for them.
func bundle(root string) (*output, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	source := filepath.Join(root, "internal/web/assets")
	scripts, err := filepath.Glob(filepath.Join(source, "js/*.js"))
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     root,
		EntryPoints:       append([]string{filepath.Join(source, "css/app.css")}, scripts...),
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Engines:           browsers,
		Outdir:            filepath.Join(source, "dist"),
		EntryNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile},
		Plugins:           []api.Plugin{tokenPlugin()},
		Metafile:          true,
		Write:             false,
	})
	if len(result.Errors) > 0 {
		text := api.FormatMessages(result.Errors, api.FormatMessagesOptions{})
		return nil, fmt.Errorf("bundle:\n%s", strings.Join(text, ""))
	}
	return collect(result)
}

// collect names each built file after the source it came from.
func collect(result api.BuildResult) (*output, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string `json:"entryPoint"`
			Inputs     map[string]struct{}
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, fmt.Errorf("read metafile: %w", err)
	}
	out := newOutput()
	for _, file := range result.OutputFiles {
		base := path.Base(filepath.ToSlash(file.Path))
		from := ""
		for built, m := range meta.Outputs {
			if path.Base(built) != base {
				continue
			}
			from = m.EntryPoint
			for input := range m.Inputs {
				if from == "" {
					from = input
				}
			}
		}
		if from == "" {
			return nil, fmt.Errorf("built file %s has no source", base)
		}
		out.addAs(path.Base(from), base, file.Contents)
	}
	return out, nil
}

// tokenPlugin expands light-dark() in tokens.css, so that one table of colours
// serves browsers that do not know that function.
func tokenPlugin() api.Plugin {
	return api.Plugin{Name: "tokens", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `[/\\]tokens\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			body, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			css, err := expandTokens(string(body))
			if err != nil {
				return api.OnLoadResult{}, fmt.Errorf("%s: %w", args.Path, err)
			}
			return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS}, nil
		})
	}}
}
