// Prints what the exported API of Go's standard library declares, as JSON arrays, a type or a package a line:
//
//	["net/http.Client",[type parameter…],[supertype…],{method:[[[param…],result,[],flags]…]},{field:type}]
//	["net/http",[],[],{function:[…]},{variable:type}]
//
// Parts at the end that are empty are left out; flags are `s` for a function of a package and `v` for variadic.
// Types are written as the analyser writes them: no pointers, `T[]`, `map<K,V>`, `(A,B)` for several results and
// `void` for none. Supertypes are the exported types a type embeds, what an alias stands for, and io.Closer where
// there is a method `Close() error`. Methods that a type has from an unexported one are listed as its own.
//
// The API is that of one platform, which the arguments name.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"go/build"
	"go/importer"
	"go/token"
	"go/types"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
)

// A signature is [params, result] or [params, result, [], flags].
type signature []any

type line struct {
	name       string
	parameters []string
	supertypes []string
	methods    map[string][]signature
	fields     map[string]string
}

func main() {
	log.SetFlags(0)
	version := regexp.MustCompile(`^go(\d+\.\d+)`).FindStringSubmatch(runtime.Version())
	if version == nil {
		log.Fatalf("unknown version %q", runtime.Version())
	}
	if len(os.Args) != 3 {
		log.Fatal("usage: go-index GOOS GOARCH")
	}
	build.Default.GOOS, build.Default.GOARCH = os.Args[1], os.Args[2]
	from := importer.ForCompiler(token.NewFileSet(), "source", nil)
	var lines []line
	for _, path := range packages(filepath.Join(build.Default.GOROOT, "src")) {
		pkg, err := from.Import(path)
		if err != nil {
			log.Fatal(err)
		}
		lines = append(lines, describe(pkg)...)
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i].name < lines[j].name })
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintf(out, "{\"go\":%q,\"generator\":\"npm run generate:go\"}\n", version[1])
	for _, one := range lines {
		out.Write(one.text())
	}
}

// packages lists the import paths of what programs can import.
func packages(root string) []string {
	var paths []string
	err := filepath.WalkDir(root, func(dir string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || dir == root {
			return err
		}
		switch entry.Name() {
		case "builtin", "cmd", "internal", "testdata", "unsafe", "vendor":
			return filepath.SkipDir
		}
		if strings.HasPrefix(entry.Name(), "_") || strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if found, err := build.ImportDir(dir, 0); err == nil && found.Name != "main" {
			relative, err := filepath.Rel(root, dir)
			if err != nil {
				return err
			}
			paths = append(paths, filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	return paths
}

func describe(pkg *types.Package) []line {
	own := newLine(pkg.Path())
	var lines []line
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Func:
			own.add(name, object.Type().(*types.Signature), "s")
		case *types.Var:
			own.fields[name] = typeText(object.Type())
		case *types.TypeName:
			lines = append(lines, describeType(object))
		}
	}
	return append(lines, own)
}

func newLine(name string) line {
	return line{name: name, methods: map[string][]signature{}, fields: map[string]string{}}
}

func describeType(object *types.TypeName) line {
	one := newLine(qualified(object))
	if object.IsAlias() {
		one.supertypes = append(one.supertypes, typeText(object.Type()))
		return one
	}
	named := object.Type().(*types.Named)
	for i := range named.TypeParams().Len() {
		one.parameters = append(one.parameters, named.TypeParams().At(i).Obj().Name())
	}
	switch under := named.Underlying().(type) {
	case *types.Interface:
		for i := range under.NumEmbeddeds() {
			one.embed(under.EmbeddedType(i))
		}
		for i := range under.NumMethods() {
			if method := under.Method(i); !one.inherits(method) {
				one.addMethod(method)
			}
		}
	case *types.Struct:
		for i := range under.NumFields() {
			field := under.Field(i)
			if field.Exported() {
				one.fields[field.Name()] = typeText(field.Type())
			}
			if field.Embedded() {
				one.embed(field.Type())
			}
		}
	}
	addMethodsOf(&one, named)
	return one
}

// addMethodsOf adds declared methods and those promoted from types that are not listed.
func addMethodsOf(one *line, named *types.Named) {
	if types.IsInterface(named) {
		one.markCloser(types.NewMethodSet(named))
		return
	}
	set := types.NewMethodSet(types.NewPointer(named))
	for i := range set.Len() {
		selection := set.At(i)
		if method := selection.Obj().(*types.Func); !isInherited(named, selection.Index()) {
			one.addMethod(method)
		}
	}
	one.markCloser(set)
}

// isInherited says whether a supertype has the method: the path to it starts at an exported embedded type.
func isInherited(named *types.Named, path []int) bool {
	under, isStruct := named.Underlying().(*types.Struct)
	return isStruct && len(path) > 1 && exportedName(under.Field(path[0]).Type()) != nil
}

func (one *line) embed(embedded types.Type) {
	if object := exportedName(embedded); object != nil {
		one.supertypes = append(one.supertypes, typeText(embedded))
	}
}

// inherits says whether the interface has the method from an interface that is listed.
func (one *line) inherits(method *types.Func) bool {
	receiver, isNamed := types.Unalias(method.Signature().Recv().Type()).(*types.Named)
	return isNamed && receiver.Obj().Exported() && qualified(receiver.Obj()) != one.name
}

func (one *line) markCloser(set *types.MethodSet) {
	closer := set.Lookup(nil, "Close")
	if closer == nil || one.name == "io.Closer" {
		return
	}
	of := closer.Obj().Type().(*types.Signature)
	if of.Params().Len() > 0 || results(of.Results()) != "error" {
		return
	}
	for _, known := range one.supertypes {
		if known == "io.Closer" {
			return
		}
	}
	one.supertypes = append(one.supertypes, "io.Closer")
}

func (one *line) addMethod(method *types.Func) {
	if method.Exported() {
		one.add(method.Name(), method.Signature(), "")
	}
}

func (one *line) add(name string, of *types.Signature, flags string) {
	params := []string{}
	for i := range of.Params().Len() {
		params = append(params, typeText(of.Params().At(i).Type()))
	}
	if of.Variadic() {
		flags += "v"
	}
	written := signature{params, results(of.Results())}
	if flags != "" {
		written = append(written, []string{}, flags)
	}
	one.methods[name] = append(one.methods[name], written)
}

func results(tuple *types.Tuple) string {
	var texts []string
	for i := range tuple.Len() {
		texts = append(texts, typeText(tuple.At(i).Type()))
	}
	switch len(texts) {
	case 0:
		return "void"
	case 1:
		return texts[0]
	default:
		return "(" + strings.Join(texts, ",") + ")"
	}
}

func exportedName(of types.Type) *types.TypeName {
	if pointer, isPointer := types.Unalias(of).(*types.Pointer); isPointer {
		of = pointer.Elem()
	}
	named, isNamed := types.Unalias(of).(*types.Named)
	if !isNamed || !named.Obj().Exported() || isInternal(named.Obj().Pkg()) {
		return nil
	}
	return named.Obj()
}

func isInternal(pkg *types.Package) bool {
	return pkg != nil && strings.Contains("/"+pkg.Path()+"/", "/internal/")
}

func qualified(object *types.TypeName) string {
	if object.Pkg() == nil {
		return object.Name()
	}
	return object.Pkg().Path() + "." + object.Name()
}

func typeText(of types.Type) string {
	switch of := types.Unalias(of).(type) {
	case *types.Pointer:
		return typeText(of.Elem())
	case *types.Slice:
		return typeText(of.Elem()) + "[]"
	case *types.Array:
		return typeText(of.Elem()) + "[]"
	case *types.Map:
		return "map<" + typeText(of.Key()) + "," + typeText(of.Elem()) + ">"
	case *types.Chan:
		return "chan<" + typeText(of.Elem()) + ">"
	case *types.Signature:
		return "func"
	case *types.Interface:
		return "any"
	case *types.Struct:
		return "struct"
	case *types.Named:
		return qualified(of.Obj()) + argumentsText(of.TypeArgs())
	case *types.TypeParam:
		return of.Obj().Name()
	case *types.Basic:
		return of.String()
	default:
		return "any"
	}
}

func argumentsText(list *types.TypeList) string {
	var texts []string
	for i := range list.Len() {
		texts = append(texts, typeText(list.At(i)))
	}
	if texts == nil {
		return ""
	}
	return "<" + strings.Join(texts, ",") + ">"
}

func (one line) text() []byte {
	parts := []any{one.name, atLeast(one.parameters), atLeast(one.supertypes), one.methods, one.fields}
	for isEmpty(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(parts); err != nil {
		log.Fatal(err)
	}
	return text.Bytes()
}

func atLeast(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func isEmpty(part any) bool {
	switch part := part.(type) {
	case []string:
		return len(part) == 0
	case map[string][]signature:
		return len(part) == 0
	case map[string]string:
		return len(part) == 0
	default:
		return false
	}
}
