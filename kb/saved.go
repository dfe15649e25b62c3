package kb

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// ErrNotSaved is what Restore returns for bytes that Save did not make of the same
// base under the same mark, or that have changed since.
var ErrNotSaved = errors.New("kb: this is no reader of this content")

// Save gives what training has found out about a base, some 30 MB, for Restore. Only
// the same program may read it: mark tells programs apart.
func (r *Reader) Save(b *Base, mark string) []byte {
	c := r.classifier
	hashes := make([]uint64, len(c.vocabulary.index))
	for h, i := range c.vocabulary.index {
		hashes[i] = h
	}
	concepts := []uint8{0}
	if c.vocabulary.concepts {
		concepts[0] = 1
	}
	data := slices.Clone(b.sum(mark))
	data = put(data, hashes)
	data = put(data, concepts)
	data = put(data, c.vocabulary.weight)
	data = put(data, []float32{c.vocabulary.unseen})
	data = put(data, c.model.weights)
	data = put(data, c.model.bias)
	data = put(data, c.neighbours.first)
	data = put(data, c.neighbours.from)
	data = put(data, c.neighbours.text)
	data = put(data, c.neighbours.value)
	j := r.judge
	for _, part := range j.signals() {
		data = put(data, part)
	}
	data = put(data, []float64{j.right.bias, j.scope.bias, j.inScope})
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}

// Restore returns the reader of a base that Save was called on.
func Restore(b *Base, mark string, data []byte) (*Reader, error) {
	end := len(data) - sha256.Size
	if end < sha256.Size || !bytes.HasPrefix(data, b.sum(mark)) {
		return nil, ErrNotSaved
	}
	if sum := sha256.Sum256(data[:end]); !bytes.Equal(sum[:], data[end:]) {
		return nil, ErrNotSaved
	}
	r, labels := newReader(b)
	r.note(b)
	v, m, n := &vocabulary{}, &model{labels: len(labels)}, &neighbours{}
	rest := data[sha256.Size:end]
	hashes := get[uint64](&rest)
	v.concepts = get[uint8](&rest)[0] == 1
	v.weight, v.unseen = get[float32](&rest), get[float32](&rest)[0]
	m.weights, m.bias = get[float32](&rest), get[float32](&rest)
	n.first, n.from, n.text, n.value = get[int32](&rest), get[int32](&rest), get[int32](&rest), get[float32](&rest)
	for _, part := range r.judge.signals() {
		copy(part, get[float64](&rest))
	}
	last := get[float64](&rest)
	r.judge.right.bias, r.judge.scope.bias, r.judge.inScope = last[0], last[1], last[2]
	v.index = make(map[uint64]int32, len(hashes))
	for i, h := range hashes {
		v.index[h] = int32(i)
	}
	r.classifier = &classifier{labels: labels, vocabulary: v, model: m, neighbours: n}
	return r, nil
}

// signals are the numbers that a judge has for each signal.
func (j *judge) signals() [][]float64 {
	return [][]float64{
		j.right.mean[:], j.right.scale[:], j.right.weight[:],
		j.scope.mean[:], j.scope.scale[:], j.scope.weight[:],
	}
}

// number is what binary writes fast.
type number interface {
	uint8 | int32 | uint64 | float32 | float64
}

// put appends values and how many they are.
func put[T number](data []byte, values []T) []byte {
	data = binary.LittleEndian.AppendUint32(data, uint32(len(values)))
	data, err := binary.Append(data, binary.LittleEndian, values)
	if err != nil {
		panic(err) // of a type that has no size of its own
	}
	return data
}

// get takes what put appended.
func get[T number](data *[]byte) []T {
	values := make([]T, binary.LittleEndian.Uint32(*data))
	n, err := binary.Decode((*data)[4:], binary.LittleEndian, values)
	if err != nil {
		panic(err) // the sum of the bytes was right, so Save wrote something else
	}
	*data = (*data)[4+n:]
	return values
}

// Fingerprint names what a reader of the base is trained on by the program of a
// mark, in letters and digits.
func (b *Base) Fingerprint(mark string) string { return hex.EncodeToString(b.sum(mark)) }

func (b *Base) sum(mark string) []byte {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q\n", mark, b.None)
	for _, t := range b.Topics {
		fmt.Fprintf(sum, "%q %t\n", t.ID, t.Flow)
	}
	for _, c := range b.Controls {
		fmt.Fprintf(sum, "%q\n", c.ID)
	}
	for _, list := range [][]Phrase{withTitles(b), b.Validation} {
		for _, p := range list {
			fmt.Fprintf(sum, "%q %q %q\n", p.Label, p.Language, p.Text)
		}
		fmt.Fprintln(sum)
	}
	return sum.Sum(nil)
}
