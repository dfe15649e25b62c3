package lint

import (
	"maps"
	"slices"
	"testing"
)

func TestDistances(t *testing.T) {
	base, book := load(t, small(t))
	want := map[string]int{"lost-card": 1, "limits": 2, "fees": 2, "refunds": 3}
	if got := Distances(base, book); !maps.Equal(got, want) {
		t.Errorf("the distances are %v, want %v", got, want)
	}
}

// TestDistanceOfAFarTopic: beside its distance the error names the most.
func TestDistanceOfAFarTopic(t *testing.T) {
	content := small(t)
	for _, l := range []string{"zh", "en"} {
		change{"articles/" + l + "/limits.md", "[fees]", "[refunds]"}.in(t, content)
		change{"articles/" + l + "/refunds.md", "[limits]", "[fees]"}.in(t, content)
	}
	change{"flows/flows.yaml", "topics: [limits, fees]", "topics: [limits]"}.in(t, content)
	base, book := load(t, content)
	got := Check(content, base, book, today)
	if want := "topics.yaml:4: topic fees is 4 choices away from the menu, the most is 3; name it under related of an article that is at most 2 away, such as limits (2), or offer it in a question of a flow (slot type pick, topics: […])"; got == nil || got.Error() != want {
		t.Errorf("the error is %v, want %s", got, want)
	}
}

func TestCoverage(t *testing.T) {
	content := small(t)
	change{"facts.yaml", "B3.1,", "B3.2,"}.in(t, content)
	base, book := load(t, content)
	list := Coverage(base, book)
	var ids []string
	places := map[string][]string{}
	for _, f := range list {
		ids = append(ids, f.ID)
		places[f.ID] = f.Places
	}
	if want := []string{"A1.1", "B1.1", "B2.1", "B3.2", "C1.1", "B3.1"}; !slices.Equal(ids, want) {
		t.Errorf("the facts are %v, want those of facts.yaml and then what else is taught: %v", ids, want)
	}
	if want := []string{"flows/lost-card/report"}; !slices.Equal(places["A1.1"], want) || !slices.Equal(places["B2.1"], []string{"articles/limits"}) || len(places["B3.2"]) > 0 {
		t.Errorf("the places are %v", places)
	}
}
