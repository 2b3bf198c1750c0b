package model

import "slices"

// Follow returns where the elements of a storm are in a later state of it: for
// each id of the first that the second does not have, the id of the element that
// was called so, by the former names of elements and modules. Elements that are
// gone are left out. With it, what is kept under ids (layout, links from
// elsewhere) outlives a rename that was made by hand.
func Follow(before, after *Storm) map[string]string {
	homes := map[string]*Module{}
	for m := range after.All() {
		homes[m.Name] = m
	}
	for _, m := range after.Modules {
		for _, was := range m.Was {
			if homes[was] == nil {
				homes[was] = m
			}
		}
	}
	out := map[string]string{}
	for e := range before.Elements() {
		id := e.ID()
		if after.Element(id) != nil {
			continue
		}
		if now := successor(e, homes[e.Module.Name]); now != nil {
			out[id] = now.ID()
		}
	}
	return out
}

// successor returns the element of a module that goes on with another: the one
// of its kind and name, or the one that had its name.
func successor(e *Element, m *Module) *Element {
	if m == nil {
		return nil
	}
	if now := m.Find(e.Kind, e.Name); now != nil {
		return now
	}
	for _, now := range m.Elements {
		if now.Kind == e.Kind && slices.Contains(now.Was, e.Name) {
			return now
		}
	}
	return nil
}
