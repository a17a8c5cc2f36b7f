"""The networks of cases.ts as PyTorch modules, with the names of their tensors."""

from torch import nn


class _Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.short = None
        if inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        inner = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (inner + (x if self.short is None else self.short(x))).relu()


class ResNet20(nn.Module):
    """He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
        pairs = list(zip(widths, widths[1:]))
        self.blocks = nn.ModuleList(_Block(a, b, 1 if a == b else 2) for a, b in pairs)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


class _Normed(nn.Module):
    def __init__(self, conv):
        super().__init__()
        self.conv = conv
        self.norm = nn.BatchNorm2d(conv.out_channels)

    def forward(self, x):
        return self.norm(self.conv(x)).relu()


class Grouped(nn.Module):
    """A grouped, a depthwise and a 1 x 1 convolution, and a sum."""

    def __init__(self):
        super().__init__()
        self.stem = _Normed(nn.Conv2d(3, 16, 3, 2, 1, bias=False))
        self.grouped = _Normed(nn.Conv2d(16, 24, 3, 1, 1, groups=4, bias=False))
        self.deep = _Normed(nn.Conv2d(24, 24, 3, 1, 1, groups=24))
        self.narrow = _Normed(nn.Conv2d(24, 16, 1, bias=False))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.narrow(self.deep(self.grouped(x))) + x
        return self.fc(x.mean((2, 3)))


MODULES = {"resnet20": ResNet20, "resnet20-folded": ResNet20, "grouped": Grouped, "grouped-renamed": Grouped}
