"""Reads the packed pages of FindPlots, as proto/landbook/v1 describes them."""


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _zigzag(data, at):
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def plots_of(responses):
    """The plots of all pages: number -> (tier, min_x, min_y, max_x, max_y), in steps."""
    plots = {}
    for response in responses:
        data, at, count = response.page, 0, 0
        while at < len(data):
            plot, at = _varint(data, at)
            tier = data[at]
            length, at = _varint(data, at + 1)
            end = at + length
            min_x, at = _zigzag(data, at)
            min_y, at = _zigzag(data, at)
            width, at = _varint(data, at)
            height, at = _varint(data, at)
            assert plot not in plots, f"plot {plot} came twice"
            plots[plot] = (tier, min_x, min_y, min_x + width, min_y + height)
            at = end
            count += 1
        assert at == len(data) and count == response.count, "a page holds other than it says"
    return plots
