package model

import "github.com/landfall-go/landfall/storm/ast"

// Reached returns how far a storm has got when it does not state its level:
// to Design with the first aggregate, value, enum or field; to Process with the
// first command, policy or projection.
func Reached(s *Storm) ast.Level {
	level := ast.BigPicture
	for e := range s.Elements() {
		switch e.Kind {
		case ast.Aggregate, ast.Value, ast.Enum:
			return ast.Design
		case ast.Command, ast.Policy, ast.Projection:
			level = ast.Process
		}
		if e.HasData {
			return ast.Design
		}
	}
	return level
}
