//! The logical structure beside the drawing: what is a heading, a table, a figure, and in which order it is read.

use krilla::geom::Rect;
use krilla::tagging::{BBox, Identifier, Node as WriterNode, TagGroup, TagKind, TagTree};

/// Longest text kept in an attribute; the archive format allows no string above 32,767 bytes.
const LONGEST_ATTRIBUTE: usize = 2000;

/// A place in the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

#[derive(Debug, Clone, Copy)]
enum Child {
    Node(NodeId),
    /// Drawn content, counted over the whole document.
    Content(usize),
}

#[derive(Debug)]
struct Node {
    kind: Option<TagKind>,
    children: Vec<Child>,
}

/// The structure of one document.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    contents: usize,
}

impl Tree {
    /// An empty document.
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node { kind: None, children: Vec::new() }], contents: 0 }
    }

    /// The document itself.
    pub(crate) const fn root() -> NodeId {
        NodeId(0)
    }

    /// Adds an element as the last child of `parent`.
    pub(crate) fn add(&mut self, parent: NodeId, kind: impl Into<TagKind>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { kind: Some(kind.into()), children: Vec::new() });
        self.nodes[parent.0].children.push(Child::Node(id));
        id
    }

    /// Says that the next drawn content belongs to `node`; returns its number.
    pub(crate) fn content(&mut self, node: NodeId) -> usize {
        let number = self.contents;
        self.contents += 1;
        self.nodes[node.0].children.push(Child::Content(number));
        number
    }

    /// Tells readers where on page `page` a figure stands.
    pub(crate) fn set_extent(&mut self, node: NodeId, page: usize, extent: Option<Rect>) {
        if let (Some(TagKind::Figure(figure)), Some(extent)) = (&mut self.nodes[node.0].kind, extent) {
            figure.set_bbox(Some(BBox::new(page, extent)));
        }
    }

    /// The kinds of all elements in reading order.
    #[cfg(test)]
    pub(crate) fn kinds(&self) -> Vec<&TagKind> {
        self.nodes.iter().filter_map(|node| node.kind.as_ref()).collect()
    }

    /// The structure for the PDF writer; `identifiers` are the writer's names of the drawn contents, by number.
    pub(crate) fn into_writer(mut self, identifiers: &[Option<Identifier>], language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for child in std::mem::take(&mut self.nodes[0].children) {
            if let Some(node) = self.writer_node(child, identifiers) {
                tree.push(node);
            }
        }
        tree
    }

    fn writer_node(&mut self, child: Child, identifiers: &[Option<Identifier>]) -> Option<WriterNode> {
        match child {
            Child::Content(number) => identifiers.get(number).copied().flatten().map(WriterNode::from),
            Child::Node(NodeId(index)) => {
                let children = std::mem::take(&mut self.nodes[index].children);
                let nodes: Vec<_> =
                    children.into_iter().filter_map(|child| self.writer_node(child, identifiers)).collect();
                let kind = self.nodes[index].kind.take()?;
                (!nodes.is_empty()).then(|| TagGroup::with_children(kind, nodes).into())
            }
        }
    }
}

/// A text short enough for an attribute, and never empty.
pub(crate) fn attribute(text: &str) -> String {
    let kept: String = text.chars().filter(|sign| !sign.is_control()).take(LONGEST_ATTRIBUTE).collect();
    if kept.trim().is_empty() { "–".to_owned() } else { kept }
}
