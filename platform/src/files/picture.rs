//! Pictures are drawn anew: what is kept is their dots, turned upright, and nothing of what else was in the file.

use super::kind::Kind;
use exif::{In, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The most bytes of a picture as it is sent.
pub(super) const MOST_BYTES: u64 = 25 * 1024 * 1024;
/// The most dots: more than a telephone of today takes.
const MOST_DOTS: u64 = 64_000_000;
/// No side is longer.
const LONGEST_SIDE: u32 = 20_000;
/// The most memory that unpacking one may take.
const MOST_MEMORY: u64 = 400 * 1024 * 1024;
/// Good enough for evidence, a third of the size of the best.
const QUALITY: u8 = 86;

/// A picture that holds nothing but its dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Where it was taken, as the camera wrote it.
    pub(super) position: Option<Position>,
}

/// A place on earth, in millionths of a degree, north and east.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// From -90 to 90 million.
    pub latitude: i64,
    /// From -180 to 180 million.
    pub longitude: i64,
}

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPicture {
    /// It cannot be drawn.
    Damaged,
    /// It has more dots than may be.
    TooManyDots,
}

/// Draws a picture anew. It takes processor and memory: never on a thread of the server.
pub(super) fn redraw(kind: Kind, sent: &[u8]) -> Result<Picture, NoPicture> {
    let position = position(sent);
    let mut reader = ImageReader::with_format(Cursor::new(sent), format(kind));
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| why(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_DOTS || decoder.total_bytes() > MOST_MEMORY {
        return Err(NoPicture::TooManyDots);
    }
    // A picture that does not say how it is held is upright.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut drawn = DynamicImage::from_decoder(decoder).map_err(|error| why(&error))?;
    drawn.apply_orientation(orientation);
    let (width, height) = (drawn.width(), drawn.height());
    let (kind, bytes) = encode(kind, drawn)?;
    Ok(Picture { kind, bytes, width, height, position })
}

const fn format(kind: Kind) -> ImageFormat {
    match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        _ => ImageFormat::Jpeg,
    }
}

fn why(error: &image::ImageError) -> NoPicture {
    match error {
        image::ImageError::Limits(_) => NoPicture::TooManyDots,
        _ => NoPicture::Damaged,
    }
}

fn encode(kind: Kind, drawn: DynamicImage) -> Result<(Kind, Vec<u8>), NoPicture> {
    let mut bytes = Vec::new();
    let see_through = drawn.color().has_alpha() && drawn.to_rgba8().pixels().any(|dot| dot.0[3] < u8::MAX);
    if kind == Kind::Png || see_through {
        let drawn = if see_through { drawn } else { opaque(drawn) };
        drawn.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(|_| NoPicture::Damaged)?;
        return Ok((Kind::Png, bytes));
    }
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    let drawn = match drawn {
        DynamicImage::ImageLuma8(_) => drawn,
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    drawn.write_with_encoder(encoder).map_err(|_| NoPicture::Damaged)?;
    Ok((Kind::Jpeg, bytes))
}

/// Without a channel that says nothing.
fn opaque(drawn: DynamicImage) -> DynamicImage {
    match drawn {
        DynamicImage::ImageRgba8(_) => DynamicImage::ImageRgb8(drawn.into_rgb8()),
        DynamicImage::ImageLumaA8(_) => DynamicImage::ImageLuma8(drawn.into_luma8()),
        other => other,
    }
}

/// Where the camera says it was.
fn position(sent: &[u8]) -> Option<Position> {
    let found = exif::Reader::new().read_from_container(&mut Cursor::new(sent)).ok()?;
    let side = |tag, reference, negative: u8, most: i64| {
        let degrees = millionths(&found.get_field(tag, In::PRIMARY)?.value)?;
        let sign = match &found.get_field(reference, In::PRIMARY)?.value {
            Value::Ascii(letters) => letters.first()?.first().copied()?,
            _ => return None,
        };
        let degrees = if sign.eq_ignore_ascii_case(&negative) { -degrees } else { degrees };
        (-most..=most).contains(&degrees).then_some(degrees)
    };
    Some(Position {
        latitude: side(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90_000_000)?,
        longitude: side(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180_000_000)?,
    })
}

/// Degrees, minutes and seconds as millionths of a degree.
fn millionths(value: &Value) -> Option<i64> {
    let Value::Rational(parts) = value else { return None };
    // A thousand times finer, so that three roundings do not show.
    let mut sum = 0_i64;
    for (part, divisor) in parts.iter().zip([1_i64, 60, 3600]) {
        let (above, below) = (i64::from(part.num), i64::from(part.denom));
        sum += above.checked_mul(1_000_000_000)?.checked_div(below.checked_mul(divisor)?)?;
    }
    (!parts.is_empty()).then_some((sum + 500) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use exif::{Field, Rational, experimental::Writer};
    use image::{ImageBuffer, Rgb, Rgba};
    use proptest::prelude::*;

    /// Two dots beside each other: red, then blue.
    fn two_dots() -> DynamicImage {
        DynamicImage::ImageRgb8(ImageBuffer::from_fn(
            16,
            8,
            |x, _| if x < 8 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) },
        ))
    }

    fn written(drawn: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        drawn.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn rationals(numbers: [(u32, u32); 3]) -> Value {
        Value::Rational(numbers.map(|(num, denom)| Rational { num, denom }).to_vec())
    }

    /// A photograph as a telephone takes it: held to the side, at Yogyakarta, with a note.
    fn photograph() -> Vec<u8> {
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![6])),
            field(Tag::ImageDescription, Value::Ascii(vec![b"Rumah Bu Sari".to_vec()])),
            field(Tag::GPSLatitudeRef, Value::Ascii(vec![b"S".to_vec()])),
            field(Tag::GPSLatitude, rationals([(7, 1), (48, 1), (0, 1)])),
            field(Tag::GPSLongitudeRef, Value::Ascii(vec![b"E".to_vec()])),
            field(Tag::GPSLongitude, rationals([(110, 1), (22, 1), (1200, 100)])),
        ];
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut tags = Cursor::new(Vec::new());
        writer.write(&mut tags, false).unwrap();
        let tags = [b"Exif\0\0".as_slice(), &tags.into_inner()].concat();
        let plain = written(&two_dots(), ImageFormat::Jpeg);
        let length = u16::try_from(tags.len() + 2).unwrap().to_be_bytes();
        [&plain[..2], &[0xff, 0xe1], &length, &tags, &plain[2..]].concat()
    }

    #[test]
    fn a_photograph_keeps_its_dots_upright_and_nothing_else() {
        let sent = photograph();
        assert!(String::from_utf8_lossy(&sent).contains("Rumah Bu Sari"), "the test sends what is to be dropped");
        let kept = redraw(Kind::Jpeg, &sent).unwrap();
        assert_eq!((kept.kind, kept.width, kept.height), (Kind::Jpeg, 8, 16), "turned upright");
        assert!(
            !String::from_utf8_lossy(&kept.bytes).contains("Exif")
                && !String::from_utf8_lossy(&kept.bytes).contains("Sari")
        );
        assert_eq!(exif::Reader::new().read_from_container(&mut Cursor::new(&kept.bytes)).err().map(|_| ()), Some(()));
        let drawn = image::load_from_memory(&kept.bytes).unwrap().to_rgb8();
        assert!(drawn.get_pixel(4, 2).0[0] > 200 && drawn.get_pixel(4, 14).0[2] > 200, "red above, blue below");
    }

    #[test]
    fn the_position_is_read_before_it_is_dropped() {
        let position = redraw(Kind::Jpeg, &photograph()).unwrap().position;
        assert_eq!(position, Some(Position { latitude: -7_800_000, longitude: 110_370_000 }));
        assert_eq!(redraw(Kind::Png, &written(&two_dots(), ImageFormat::Png)).unwrap().position, None);
    }

    #[test]
    fn a_picture_that_is_transparent_stays_so() {
        let glass = DynamicImage::ImageRgba8(ImageBuffer::from_pixel(3, 3, Rgba([1, 2, 3, 0])));
        assert_eq!(redraw(Kind::Webp, &written(&glass, ImageFormat::WebP)).unwrap().kind, Kind::Png);
        assert_eq!(redraw(Kind::Webp, &written(&two_dots(), ImageFormat::WebP)).unwrap().kind, Kind::Jpeg);
        assert_eq!(redraw(Kind::Png, &written(&two_dots(), ImageFormat::Png)).unwrap().kind, Kind::Png);
    }

    #[test]
    fn what_is_behind_a_picture_is_dropped() {
        let sent = [written(&two_dots(), ImageFormat::Png), b"<script>".to_vec()].concat();
        assert!(!String::from_utf8_lossy(&redraw(Kind::Png, &sent).unwrap().bytes).contains("script"));
    }

    #[test]
    fn a_small_file_that_unpacks_to_a_huge_picture_is_refused() {
        // The head of a PNG that claims 60000 times 60000 dots.
        let mut bomb = written(&two_dots(), ImageFormat::Png);
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let mut check = flate2::Crc::new();
        check.update(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&check.sum().to_be_bytes());
        assert_eq!(redraw(Kind::Png, &bomb), Err(NoPicture::TooManyDots));
        // Within the sides, beyond the dots.
        bomb[16..20].copy_from_slice(&10_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&10_000_u32.to_be_bytes());
        let mut check = flate2::Crc::new();
        check.update(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&check.sum().to_be_bytes());
        assert_eq!(redraw(Kind::Png, &bomb), Err(NoPicture::TooManyDots));
    }

    #[test]
    fn what_only_begins_as_a_picture_is_damaged() {
        assert_eq!(redraw(Kind::Jpeg, b"\xff\xd8\xff\xe0 and then text"), Err(NoPicture::Damaged));
        let half = written(&two_dots(), ImageFormat::Png);
        assert_eq!(redraw(Kind::Png, &half[..half.len() / 2]), Err(NoPicture::Damaged));
    }

    proptest! {
        #[test]
        fn no_bytes_bring_the_drawing_down(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..400, kind in 0_usize..3) {
            let kind = Kind::PICTURES[kind];
            let mut sent = if kind == Kind::Jpeg { photograph() } else { written(&two_dots(), format(kind)) };
            let at = at.min(sent.len());
            sent.splice(at.., bytes);
            let _ = redraw(kind, &sent);
        }
    }
}
