"""The shots: where each thing stands, how the camera moves, what is written over it, and when it is cut."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from city import plain, searchlight, sky, towers
from kremlin import stepped_tower, wall
from mosque import mosque
from paint import CYAN, EMERALD, MAGENTA, VIOLET, Image, Point, hazed
from stage import Camera, Layer, Stage
from station import boat, pad, station
from titles import Title

DURATION = 18.0  # s: nine bars of four beats at 120 beats a minute
CUTS = (3.0, 6.5, 9.5, 15.0)  # s, hard cuts
DISSOLVE = (11.0, 12.0)  # s, the one soft change
HITS = (0.1, 1.0, 3.0, 6.5, 9.5, 15.0)  # s: flashes, on the beat
HIT_FORCE = (0.8, 0.4, 0.45, 0.4, 0.4, 0.5)
TITLES = (
    Title(("КАЗАНЬ", "2100"), 0.10, 2.9, 0.18, (190, 250), CYAN),
    Title(("Кул-Шариф", "в неоне"), 3.1, 6.4, 0.15, (132, 132), MAGENTA),
    Title(("Кремль", "в узорах ичигов"), 6.6, 9.4, 0.165, (132, 96), CYAN),
    Title(("Речной вокзал —", "порт летающих судов"), 11.7, 14.9, 0.145, (112, 86), MAGENTA),
    Title(("Узнаёшь", "свой город?"), 15.1, 17.75, 0.17, (150, 140), CYAN),
)
SEED = 2100

Shot = Callable[[float], Image]  # time in the clip (s) -> frame


def eased(t: float) -> float:
    """0..1 to 0..1 with a soft start and a soft end."""
    t = min(max(t, 0.0), 1.0)
    return t * t * (3 - 2 * t)


def layer(baked: tuple[Image, Point], density: float, depth: float) -> Layer:
    """A baked picture put at a depth."""
    return Layer(baked[0], baked[1], density, depth)


class World:
    """What several shots share: sky, far city, boats, searchlights; and the size of a frame."""

    def __init__(self, width: int, height: int) -> None:
        self.size, self.unit = (width, height), width / 1080
        u = self.unit
        self.far = layer(hazed(towers(1.9 * u, SEED + 1, 900, 330, 0.72), 2.0 * u), 1.9 * u, 620)
        self.near = layer(hazed(towers(3.4 * u, SEED + 6, 480, 150, 0.42), 1.3 * u), 3.4 * u, 330)
        self.beams = [layer(searchlight(2.2 * u, colour, 300), 2.2 * u, 420) for colour in (CYAN, MAGENTA, VIOLET)]
        self.boats = [layer(boat(24 * u, colour), 24 * u, 50) for colour in (CYAN, MAGENTA, EMERALD)]

    def sky(self, moon: Point | None = None, size: float = 0.155) -> Image:
        """A sky with its moon at shares of its width and height, the radius a share of its width."""
        return sky(round(self.size[0] * 1.12), round(self.size[1] * 1.1), 0.60, SEED, moon, size)

    def stage(self, camera: Camera, time: float, above: Image, drift: float = 1.0) -> Stage:
        """A stage with a sky, swaying beams and the far city on it."""
        stage = Stage(*self.size, camera)
        stage.backdrop(above, drift)
        for k, beam in enumerate(self.beams):
            sway = 0.30 * math.sin(2 * math.pi * (time / 9.0 + k / 3)) + 0.18 * (k - 1)
            stage.put(beam, x=camera.x * 0.7 + 90 * (k - 1), turn=sway)
        stage.put(self.far, x=camera.x * 0.5)
        stage.put(self.near, x=camera.x * 0.2)
        return stage

    def fly(self, stage: Stage, time: float, lanes: tuple[tuple[float, float, float, float, int], ...]) -> None:
        """Boats on lanes of (depth m, height m, speed m/s, place at time 0 m, colour): far ones first."""
        for depth, height, speed, start, colour in sorted(lanes, reverse=True):
            craft = self.boats[colour]
            craft.depth = depth
            blur = round(abs(speed) * stage.camera.focal * self.unit / depth / 90)
            bob = 0.5 * math.sin(time * 2 + start)
            stage.put(craft, x=start + speed * time, y=height + bob, mirrored=speed < 0, smear=blur)


def panorama(world: World) -> Shot:
    """The whole skyline; it opens the clip with a rush forwards and ends it where it began."""
    u = world.unit
    hall = layer(mosque(8.4 * u), 8.4 * u, 140)
    stone, light, corner = wall(9.2 * u, 220, (-92.0, -46.0, 46.0, 92.0))
    curtain, pattern = Layer(stone, corner, 9.2 * u, 128), Layer(light, corner, 9.2 * u, 128)
    stairs = layer(stepped_tower(7.6 * u), 7.6 * u, 156)
    above = world.sky((0.66, 0.395), 0.20)

    def frame(time: float) -> Image:
        if time < CUTS[0]:
            push = 1 - (1 - min(time / CUTS[0], 1.0)) ** 2.4
            since = time
        else:
            push = 1 - eased((time - CUTS[-1]) / (DURATION - CUTS[-1]))
            since = time - DURATION
        camera = Camera(7.0 - 12.0 * push, 13.0, -36.0 + 27.0 * push, horizon=0.655)
        stage = world.stage(camera, time, above)
        world.fly(stage, since, ((300, 96, 26, -70, 1), (260, 60, -22, 60, 0)))
        stage.put(stairs, x=50, y=4)
        stage.put(hall, x=-11, y=40 + 1.2 * math.sin(2 * math.pi * time / 6))
        stage.put(curtain)
        stage.put(pattern, gain=0.75 + 0.25 * math.sin(2 * math.pi * time / 2.0))
        stage.water(126, time)
        world.fly(stage, since, ((96, 31, 30, -52, 2), (44, 6.5, 64, -38, 0), (70, 15, -46, 66, 1)))
        return stage.frame

    return frame


def mosque_shot(world: World) -> Shot:
    """The mosque near, hanging over the river."""
    u, start, stop = world.unit, CUTS[0], CUTS[1]
    hall = layer(mosque(12.0 * u), 12.0 * u, 100)
    above = world.sky((0.30, 0.40), 0.23)

    def frame(time: float) -> Image:
        t = (time - start) / (stop - start)
        camera = Camera(-6 + 11 * eased(t), 8 + 3 * t, -16 + 20 * t, horizon=0.71)
        stage = world.stage(camera, time, above)
        world.fly(stage, time - start, ((220, 52, -20, 60, 1),))
        stage.put(hall, y=22 + 0.9 * math.sin(2 * math.pi * time / 4))
        stage.water(330, time)
        world.fly(stage, time - start, ((74, 13, 24, -58, 0), (58, 5, -34, 70, 2)))
        return stage.frame

    return frame


def wall_shot(world: World) -> Shot:
    """Along the kremlin wall, a wave of light through its ornament."""
    u, start, stop = world.unit, CUTS[1], CUTS[2]
    stone, light, corner = wall(24 * u, 128, (-44.0, -6.0, 32.0))
    curtain, pattern = Layer(stone, corner, 24 * u, 46), Layer(light, corner, 24 * u, 46)
    stairs = layer(stepped_tower(11 * u), 11 * u, 104)
    above = world.sky((0.36, 0.36), 0.13)
    columns = np.arange(light.shape[1], dtype=np.float32) / light.shape[1]

    def frame(time: float) -> Image:
        t = (time - start) / (stop - start)
        camera = Camera(-26 + 36 * t, 8.0 + 3 * t, -5 + 5 * t, horizon=0.66)
        stage = world.stage(camera, time, above, drift=0.8)
        world.fly(stage, time - start, ((170, 70, 24, -60, 1),))
        stage.put(stairs, x=14, y=6)
        stage.put(curtain)
        wave = 0.62 + 0.38 * np.cos(2 * math.pi * (columns * 5 - (time - start) * 1.0))
        lit = np.round(light * wave[None, :, None]).astype(np.uint8)
        pattern.picture, pattern.smaller = lit, [lit, lit, lit]
        stage.put(pattern)
        stage.water(44, time)
        return stage.frame

    return frame


def tower_shot(world: World) -> Shot:
    """Up the leaning tower to its crescent."""
    u, start, stop = world.unit, CUTS[2], DISSOLVE[1]
    stairs = layer(stepped_tower(29 * u), 29 * u, 40)
    stone, light, corner = wall(27 * u, 90, (-40.0, 40.0))
    curtain, pattern = Layer(stone, corner, 27 * u, 36), Layer(light, corner, 27 * u, 36)
    above, streets = world.sky((0.72, 0.30), 0.17), layer(hazed(plain(3.6 * u, SEED), 2.0 * u), 3.6 * u, 325)

    def frame(time: float) -> Image:
        t = (time - start) / (stop - start)
        camera = Camera(-3 + 3.5 * t, 28 + 23 * eased(t * 1.05), -8 + 6 * t, horizon=0.60)
        stage = world.stage(camera, time, above, drift=2.2)
        stage.put(streets)
        world.fly(stage, time - start, ((60, 37, 24, -46, 2), (90, 52, -20, 48, 1), (140, 66, 24, -64, 0)))
        stage.put(stairs, x=0.8, y=2)
        stage.put(curtain)
        stage.put(pattern)
        return stage.frame

    return frame


def station_shot(world: World) -> Shot:
    """The river station: boats come down to their pads."""
    u, start, stop = world.unit, DISSOLVE[0], CUTS[3]
    hall = layer(station(11 * u), 11 * u, 112)
    above = world.sky((0.80, 0.33), 0.12)
    pads = [layer(pad(11.5 * u), 11.5 * u, depth) for depth in (104, 118)]
    craft = [layer(boat(12 * u, colour), 12 * u, depth) for colour, depth in ((CYAN, 103), (MAGENTA, 117))]

    def frame(time: float) -> Image:
        t = (time - start) / (stop - start)
        camera = Camera(7 - 12 * t, 8 + 3 * t, -8 + 14 * eased(t), horizon=0.68)
        stage = world.stage(camera, time, above)
        world.fly(stage, time - start, ((240, 74, 22, -60, 2),))
        landing, rising = 1 - eased((time - start - 0.4) / 2.4), eased((time - start - 1.2) / 2.6)
        stage.put(pads[1], x=33, y=49)
        stage.put(craft[1], x=31 + 70 * rising**2, y=52.4 + 24 * rising)
        stage.put(hall)
        stage.put(pads[0], x=-33, y=44)
        stage.put(craft[0], x=-31 - 62 * landing, y=47.2 + 20 * landing)
        stage.water(110, time)
        world.fly(stage, time - start, ((84, 4.6, -30, 76, 1),))
        return stage.frame

    return frame


SHOTS = (
    (0.0, CUTS[0], panorama),
    (CUTS[0], CUTS[1], mosque_shot),
    (CUTS[1], CUTS[2], wall_shot),
    (CUTS[2], DISSOLVE[1], tower_shot),
    (DISSOLVE[0], CUTS[3], station_shot),
    (CUTS[3], DURATION, panorama),
)
