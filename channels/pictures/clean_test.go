package pictures

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
)

func drawn(width, height int) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		picture.Set(x, height/2, color.RGBA{200, 0, 0, 255})
	}
	return picture
}

func asPNG(t *testing.T, width, height int) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, drawn(width, height)); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func asJPEG(t *testing.T, width, height int) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, drawn(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// claims has the header of a PNG say another size than it has.
func claims(file []byte, width, height uint32) []byte {
	file = bytes.Clone(file)
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func TestClean(t *testing.T) {
	var film bytes.Buffer
	if err := gif.Encode(&film, drawn(10, 10), nil); err != nil {
		t.Fatal(err)
	}
	where := []byte("GPS 31.2304 N 121.4737 E")
	photo := asJPEG(t, 100, 80)
	told := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(2 + len(where))}, append(where, photo[2:]...)...)
	tests := []struct {
		name string
		file []byte
		size image.Point // what comes out; 0 if it is refused
		err  error
	}{
		{"a small PNG", asPNG(t, 40, 30), image.Pt(40, 30), nil},
		{"a photo that says where it was taken", told, image.Pt(100, 80), nil},
		{"a wide one", asJPEG(t, 3200, 1000), image.Pt(1600, 500), nil},
		{"a line", asPNG(t, 5000, 1), image.Pt(1600, 1), nil},
		{"a film", film.Bytes(), image.Point{}, errUnreadable},
		{"a page", []byte("<html><script>alert(1)</script></html>"), image.Point{}, errUnreadable},
		{"nothing", nil, image.Point{}, errUnreadable},
		{"one that breaks off", photo[:len(photo)/2], image.Point{}, errUnreadable},
		{"a few bytes that claim to be 10 gigabytes", claims(asPNG(t, 40, 30), 60000, 60000), image.Point{}, ErrLarge},
		{"and more than any number holds", claims(asPNG(t, 40, 30), 1<<31-1, 1<<31-1), image.Point{}, errUnreadable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := clean(test.file)
			if !errors.Is(err, test.err) {
				t.Fatalf("%v, want %v", err, test.err)
			}
			if test.err != nil {
				return
			}
			if bytes.Contains(got, where) {
				t.Error("it still says where it was taken")
			}
			config, err := jpeg.DecodeConfig(bytes.NewReader(got))
			if err != nil || image.Pt(config.Width, config.Height) != test.size {
				t.Errorf("%dx%d, %v; want %v", config.Width, config.Height, err, test.size)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8L"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := clean(file)
		if err != nil {
			return
		}
		if config, err := jpeg.DecodeConfig(bytes.NewReader(got)); err != nil || max(config.Width, config.Height) > longest {
			t.Errorf("%+v, %v", config, err)
		}
	})
}

// TestADecoderThatPanicsCostsOnlyItsPicture: what people send is hostile, and decoders
// have had such mistakes.
func TestADecoderThatPanicsCostsOnlyItsPicture(t *testing.T) {
	image.RegisterFormat("webp", "PANIC", func(io.Reader) (image.Image, error) { panic("index out of range") },
		func(io.Reader) (image.Config, error) { return image.Config{Width: 1, Height: 1}, nil })
	if _, err := clean([]byte("PANIC")); !errors.Is(err, errUnreadable) {
		t.Error(err)
	}
}
