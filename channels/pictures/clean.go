package pictures

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // is read
	"slices"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // is read
)

const (
	// MaxBytes is how large a picture may come.
	MaxBytes = 10 << 20

	maxPixels = 16 << 20 // more than a telephone takes by itself; it needs 128 MB at most to be read
	longest   = 1600     // pixels of a side: the small print of a receipt can be read
	quality   = 82       // of the JPEG
)

var errUnreadable = errors.New("it is no JPEG, PNG or WebP, or a broken one")

// clean makes a picture anew from its pixels, as a JPEG with no side above 1,600
// pixels: where it was taken, by what and all else that the file told is gone, and
// nothing that hides in a file reaches a browser. The size that the file claims
// is read before its pixels are.
func clean(file []byte) (jpg []byte, err error) {
	defer func() {
		if recover() != nil { // a decoder was misled
			jpg, err = nil, errUnreadable
		}
	}()
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || !slices.Contains([]string{"jpeg", "png", "webp"}, format) || config.Width < 1 || config.Height < 1 {
		return nil, errUnreadable
	}
	if config.Width > maxPixels/config.Height {
		return nil, ErrLarge
	}
	picture, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, errUnreadable
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, onWhite(picture), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("pictures: encode: %w", err)
	}
	return out.Bytes(), nil
}

// onWhite scales a picture down where it is too large, on a white ground where it
// is transparent.
func onWhite(picture image.Image) image.Image {
	size := picture.Bounds().Size()
	if side := max(size.X, size.Y); side > longest {
		size.X, size.Y = max(1, size.X*longest/side), max(1, size.Y*longest/side)
	}
	sheet := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(sheet, sheet.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	return sheet
}
