//! Screenshots drawn by hand: small PNGs that look like a page from afar.

/// Four colours: paper, ink, accent, rule.
type Palette = [[u8; 3]; 4];

const WIDTH: usize = 640;
const HEIGHT: usize = 400;

/// A PNG of a page; equal names give equal bytes.
pub(super) fn png(name: &str) -> Vec<u8> {
    let klaviyo = name.contains("consent") || name.contains("listing") || name.contains("integrations");
    let palette: Palette = if klaviyo {
        [[255, 255, 255], [35, 31, 32], [214, 69, 38], [228, 226, 222]]
    } else {
        [[250, 252, 254], [24, 44, 66], [26, 108, 160], [214, 224, 234]]
    };
    let mut pixels = vec![0_u8; WIDTH * HEIGHT];
    rectangle(&mut pixels, (0, 0, WIDTH, 44), if klaviyo { 1 } else { 2 });
    rectangle(&mut pixels, (24, 16, 96, 12), 0);
    rectangle(&mut pixels, (150, 84, 340, 250), 3);
    rectangle(&mut pixels, (152, 86, 336, 246), 0);
    rectangle(&mut pixels, (180, 112, 170 + name.len() * 4, 16), 1);
    let lines = 3 + name.bytes().map(usize::from).sum::<usize>() % 4;
    for line in 0..lines {
        rectangle(&mut pixels, (180, 148 + line * 20, 200 + (line * 37) % 80, 7), 3);
    }
    rectangle(&mut pixels, (180, 282, 110, 30), 2);
    rectangle(&mut pixels, (204, 293, 62, 8), 0);
    encode(&palette, &pixels)
}

fn rectangle(pixels: &mut [u8], (left, top, width, height): (usize, usize, usize, usize), colour: u8) {
    for row in top..(top + height).min(HEIGHT) {
        for column in left..(left + width).min(WIDTH) {
            pixels[row * WIDTH + column] = colour;
        }
    }
}

fn encode(palette: &Palette, pixels: &[u8]) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in pixels.chunks(WIDTH) {
        rows.push(0);
        rows.extend(row.chunks(4).map(|four| four.iter().fold(0, |byte, pixel| (byte << 2) | pixel)));
    }
    let mut header = Vec::new();
    header.extend(u32::try_from(WIDTH).unwrap().to_be_bytes());
    header.extend(u32::try_from(HEIGHT).unwrap().to_be_bytes());
    // Two bits a pixel, by palette.
    header.extend([2, 3, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"PLTE", &palette.concat());
    chunk(&mut png, *b"IDAT", &stored(&rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// A zlib stream that stores without compressing.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(65_535).collect::<Vec<_>>();
    for (index, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(index + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend(((high << 16) | low).to_be_bytes());
    out
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    let from = png.len();
    png.extend(kind);
    png.extend(data);
    let crc = png[from..].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    png.extend((!crc).to_be_bytes());
}
