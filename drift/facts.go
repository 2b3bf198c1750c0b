package drift

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
)

// knowledge is what the analyzer tells of a package to the packages that import
// it: go vet shows it the code of one package at a time.
type knowledge struct {
	// Results are those of functions and the values of variables, by full name,
	// as far as they are parts, options or lists.
	Results map[string][]encoded
	// Events and Commands are what functions construct.
	Events   map[string]encodedBuilds
	Commands map[string]encodedBuilds
}

// AFact makes it a fact of go/analysis.
func (*knowledge) AFact() {}

// String says how much is known.
func (k *knowledge) String() string {
	return fmt.Sprintf("landfall: %d functions and variables", len(k.Results))
}

// encoded is a value without the objects of the type checker.
type encoded struct {
	Kind  kindOfValue
	Text  string // of a constant, or why it is unknown
	Call  string // of a part
	Type  encodedType
	Types []encodedType
	Items []encoded
}

type kindOfValue uint8

const (
	isUnknown kindOfValue = iota
	isText
	isNumber
	isTyped
	isAList
	isPart
	isFunc
)

// encodedType names a type; a function is named as the type of its receiver,
// or its package, and its own name.
type encodedType struct {
	Path, Name, Method string
	Pointer            bool
}

type encodedBuilds struct {
	Messages []encodedType
	Unread   []string
}

func encodeType(t types.Type) encodedType {
	var out encodedType
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		out.Pointer = true
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.TypeArgs().Len() == 0 {
		out.Path, out.Name = n.Obj().Pkg().Path(), n.Obj().Name()
	}
	return out
}

func encodeFunc(f *types.Func) encodedType {
	out := encodedType{Method: f.Name()}
	if f.Pkg() != nil {
		out.Path = f.Pkg().Path()
	}
	if recv := f.Signature().Recv(); recv != nil {
		out = encodeType(recv.Type())
		out.Method = f.Name()
	}
	return out
}

func encodeAll(list []value) []encoded {
	var out []encoded
	for _, v := range list {
		out = append(out, encode(v))
	}
	return out
}

const elsewhere = "it comes from another package, and depends on what that is called with; landfall drift reads all packages together"

func encode(v value) encoded {
	switch v := v.(type) {
	case *constantValue:
		switch v.v.Kind() {
		case constant.String:
			return encoded{Kind: isText, Text: constant.StringVal(v.v)}
		case constant.Int, constant.Float:
			return encoded{Kind: isNumber, Text: v.v.ExactString()}
		}
	case *typedValue:
		return encoded{Kind: isTyped, Type: encodeType(v.typ)}
	case *listValue:
		return encoded{Kind: isAList, Items: encodeAll(v.items)}
	case *partValue:
		out := encoded{Kind: isPart, Call: v.call, Items: encodeAll(v.args)}
		for _, t := range v.types {
			out.Types = append(out.Types, encodeType(t))
		}
		return out
	case *funcValue:
		if v.obj != nil {
			return encoded{Kind: isFunc, Type: encodeFunc(v.obj)}
		}
	case *unknownValue:
		if !v.param {
			return encoded{Text: "in another package, " + v.why}
		}
	}
	return encoded{Text: elsewhere}
}

// decoder makes values of what is known of other packages.
type decoder struct {
	packages map[string]*types.Package
	src      *source
}

func newDecoder(src *source) *decoder {
	d := &decoder{map[string]*types.Package{}, src}
	var add func(*types.Package)
	add = func(p *types.Package) {
		if d.packages[p.Path()] == nil {
			d.packages[p.Path()] = p
			for _, imported := range p.Imports() {
				add(imported)
			}
		}
	}
	add(src.pkg)
	return d
}

func (d *decoder) typ(e encodedType) types.Type {
	p := d.packages[e.Path]
	if p == nil {
		return types.Typ[types.Invalid]
	}
	name, ok := p.Scope().Lookup(e.Name).(*types.TypeName)
	if !ok {
		return types.Typ[types.Invalid]
	}
	if e.Pointer {
		return types.NewPointer(name.Type())
	}
	return name.Type()
}

func (d *decoder) function(e encodedType) *types.Func {
	if e.Name == "" {
		if p := d.packages[e.Path]; p != nil {
			f, _ := p.Scope().Lookup(e.Method).(*types.Func)
			return f
		}
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(d.typ(e), true, d.packages[e.Path], e.Method)
	f, _ := obj.(*types.Func)
	return f
}

func (d *decoder) all(list []encoded, at token.Pos) []value {
	var out []value
	for _, e := range list {
		out = append(out, d.value(e, at))
	}
	return out
}

// value makes a value, which stands where it is used.
func (d *decoder) value(e encoded, at token.Pos) value {
	switch e.Kind {
	case isText:
		return &constantValue{base{at}, constant.MakeString(e.Text), types.Typ[types.String]}
	case isNumber:
		return &constantValue{base{at}, constant.MakeFromLiteral(e.Text, token.INT, 0), types.Typ[types.Int64]}
	case isTyped:
		return &typedValue{base: base{at}, typ: d.typ(e.Type)}
	case isAList:
		return &listValue{base{at}, d.all(e.Items, at)}
	case isPart:
		p := &partValue{base: base{at}, call: e.Call, src: d.src, span: span{at, at}, args: d.all(e.Items, at), spread: true}
		for _, t := range e.Types {
			p.types = append(p.types, d.typ(t))
		}
		return p
	case isFunc:
		if f := d.function(e.Type); f != nil {
			return &funcValue{base: base{at}, obj: f}
		}
	}
	return unknown(at, e.Text)
}
