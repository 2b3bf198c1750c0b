package gen

import (
	"fmt"
	"maps"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Options say how a project is made of a storm.
type Options struct {
	// Import is the import path of the folder that the project lies in, such as
	// "example.com/marsrover". It is needed.
	Import string
	// NoMain leaves out the program, for modules that other programs run.
	// Compare leaves it out too where a program wires the modules itself.
	NoMain bool
}

// Files returns all files of a project by their paths, which are relative to
// the project's folder and have slashes: those that are generated anew each
// time and, as for an empty folder, the scaffolds.
//
// The list is sorted. Warnings say what of the storm is not generated, and why;
// hints, what a test takes for granted. With an error among them (data of a
// scenario that do not fit, a storm without anything to run) there are no files,
// or they are not to be used. Files is safe for concurrent use.
func Files(s *model.Storm, o Options) (map[string][]byte, diag.List) {
	p := newProject(s, o)
	if p.diags.Err() != nil {
		return nil, p.diags
	}
	files := p.generated()
	maps.Copy(files, p.scaffolds(p.units()))
	p.diags.Sort()
	return files, p.diags
}

// IsGenerated reports whether a file is one that is generated anew each time.
func IsGenerated(name string, content []byte) bool {
	generated := strings.HasSuffix(name, "_gen.go") || strings.HasSuffix(name, "_gen_test.go")
	return generated && strings.HasPrefix(string(content), Mark+"\n")
}

// generated returns the files that are generated anew each time.
func (p *project) generated() map[string][]byte {
	files := map[string]*file{}
	for _, m := range p.modules {
		if m.alive() {
			files[m.dir+"/module_gen.go"] = m.wiringFile()
		}
		if f := m.messagesFile(); f.body.Len() > 0 {
			files[m.dir+"/messages_gen.go"] = f
		}
		if f := m.valuesFile(); f != nil {
			files[m.dir+"/values_gen.go"] = f
		}
		if f := m.scenariosFile(); f != nil {
			files[m.dir+"/scenarios_gen_test.go"] = f
		}
	}
	if !p.options.NoMain {
		files["modules_gen.go"] = p.modulesFile()
		files["modules_gen_test.go"] = p.wiringTest()
	}
	return p.sources(files)
}

// sources formats files, several at once: that is most of the work.
func (p *project) sources(files map[string]*file) map[string][]byte {
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		texts = make(map[string][]byte, len(files))
		slots = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for name, f := range files {
		slots <- struct{}{}
		group.Go(func() {
			text, err := f.source()
			mu.Lock()
			defer mu.Unlock()
			texts[name] = text
			if err != nil {
				p.fail("G001", p.storm.Place, fmt.Sprintf("%s: %v", name, err), "a name of the storm gives no Go; please report it")
			}
			<-slots
		})
	}
	group.Wait()
	return texts
}

// units returns what people write, in the order of modules and files.
func (p *project) units() []unit {
	var units []unit
	for _, m := range p.modules {
		units = append(units, m.units()...)
	}
	if !p.options.NoMain {
		units = append(units, p.programUnits()...)
	}
	return units
}

// scaffolds writes units into their files.
func (p *project) scaffolds(units []unit) map[string][]byte {
	open := map[string]*file{}
	for _, u := range units {
		f := open[u.path]
		if f == nil {
			f = p.file("main", false)
			if u.pkg != nil {
				f = u.pkg.file(false)
			}
			open[u.path] = f
		}
		u.write(f)
	}
	return p.sources(open)
}

// title returns the name of the program: that of its folder.
func (p *project) title() string {
	return path.Base(p.options.Import)
}
