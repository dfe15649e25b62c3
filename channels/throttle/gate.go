package throttle

import "sync"

// Gate lets so many in at once under each of many names. A nil Gate is open.
type Gate struct {
	most int

	mu     sync.Mutex
	inside map[string]int // only names under which somebody is inside
}

// NewGate makes a Gate for so many at once; nil for 0.
func NewGate(most int) *Gate {
	if most == 0 {
		return nil
	}
	return &Gate{most: most, inside: map[string]int{}}
}

// Enter tells whether there is room. Whoever got in calls Leave once.
func (g *Gate) Enter(name string) bool {
	if g == nil {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside[name] >= g.most {
		return false
	}
	g.inside[name]++
	return true
}

// Leave undoes an Enter that was true.
func (g *Gate) Leave(name string) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside[name]--; g.inside[name] == 0 {
		delete(g.inside, name)
	}
}
